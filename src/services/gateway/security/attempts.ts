const perMinute = 10;
const minuteMs = 60_000;

/** Refuses further guesses of the token for the rest of a minute that has seen too many wrong ones. */
export class Attempts {
  #failures: number[] = [];

  /** Whether another attempt is heard now; `now` in monotonic milliseconds. */
  allowed(now: number): boolean {
    this.#failures = this.#failures.filter((at) => now - at < minuteMs);
    return this.#failures.length < perMinute;
  }

  failed(now: number): void {
    this.#failures.push(now);
  }
}
