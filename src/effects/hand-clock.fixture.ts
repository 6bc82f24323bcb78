import type { Clock } from './clock.ts';

/** A clock whose sleeps last until `advance` passes their end. */
export class HandClock implements Clock {
  #now = 0;
  #behind = 0;
  readonly #sleeping = new Set<{ readonly until: number; readonly wake: () => void }>();

  now(): number {
    return this.#now - this.#behind;
  }

  monotonic(): number {
    return this.#now;
  }

  sleep(ms: number, signal?: AbortSignal): Promise<void> {
    return new Promise((resolve) => {
      if (signal?.aborted) return resolve();
      const sleeper = { until: this.#now + ms, wake: resolve };
      this.#sleeping.add(sleeper);
      signal?.addEventListener('abort', () => {
        this.#sleeping.delete(sleeper);
        resolve();
      });
    });
  }

  /** Sets the wall clock back, as a time server does. */
  putBack(ms: number): void {
    this.#behind += ms;
  }

  advance(ms: number): void {
    this.#now += ms;
    for (const sleeper of this.#sleeping) {
      if (sleeper.until > this.#now) continue;
      this.#sleeping.delete(sleeper);
      sleeper.wake();
    }
  }
}
