import type { Clock } from '../effects/clock.ts';

/** Remembers that something called, so that a call between two waits is not missed. */
export class Wake {
  #called = true;
  #resume: (() => void) | null = null;

  call(): void {
    this.#called = true;
    this.#resume?.();
  }

  /** Forgets calls up to now; what they called for is about to be looked up. */
  begin(): void {
    this.#called = false;
  }

  /** Resolves at the next call since `begin`, after `ms`, or when the signal fires. */
  async wait(clock: Clock, ms: number, signal: AbortSignal): Promise<void> {
    if (this.#called || signal.aborted) return;
    const woken = new AbortController();
    this.#resume = () => woken.abort();
    await clock.sleep(ms, AbortSignal.any([woken.signal, signal]));
    this.#resume = null;
  }
}
