import type { Generation, Membership, TopicPartition } from './event-log.ts';

/** One group member: gets generations from the coordinator and hands each to its iterator once. */
export class Member implements Membership {
  readonly #left: () => void;
  #lost = new AbortController();
  #next: Generation | undefined;
  #partitions: readonly TopicPartition[] = [];
  #ended = false;
  #wake: () => void = () => undefined;

  constructor(left: () => void) {
    this.#left = left;
  }

  get partitions(): readonly TopicPartition[] {
    return this.#partitions;
  }

  /** Ends the generation that the member holds, or the one that it has not seen yet. */
  revoke(): void {
    this.#next = undefined;
    this.#partitions = [];
    this.#lost.abort();
  }

  give(partitions: readonly TopicPartition[], hold: (lost: AbortSignal) => Generation): void {
    this.#lost = new AbortController();
    this.#partitions = partitions;
    this.#next = hold(this.#lost.signal);
    this.#wake();
  }

  async leave(): Promise<void> {
    if (this.#ended) return;
    this.#ended = true;
    this.revoke();
    this.#left();
    this.#wake();
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<Generation, void> {
    while (!this.#ended) {
      const generation = this.#next;
      this.#next = undefined;
      if (generation) yield generation;
      else await new Promise<void>((resolve) => (this.#wake = resolve));
    }
  }
}
