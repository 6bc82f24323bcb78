/**
 * Gathers what comes in quick succession: the first goes through at once, what follows within `ms` together at
 * its end. A page that is sent 50 messages a second draws 10 times.
 */
export class Throttle<T> {
  readonly #ms: number;
  readonly #after: (ms: number, callback: () => void) => () => void;
  readonly #deliver: (items: readonly T[]) => void;
  #waiting: T[] = [];
  #resting = false;

  constructor(
    ms: number,
    after: (ms: number, callback: () => void) => () => void,
    deliver: (items: readonly T[]) => void,
  ) {
    this.#ms = ms;
    this.#after = after;
    this.#deliver = deliver;
  }

  push(item: T): void {
    this.#waiting.push(item);
    if (!this.#resting) this.#flush();
  }

  #flush(): void {
    if (this.#waiting.length === 0) {
      this.#resting = false;
      return;
    }
    const items = this.#waiting;
    this.#waiting = [];
    this.#resting = true;
    this.#after(this.#ms, () => this.#flush());
    this.#deliver(items);
  }
}
