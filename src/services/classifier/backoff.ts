const firstMs = 200;
const longestMs = 10_000;

/** How long to wait before the world is tried again: twice as long each time, from a fifth of a second to ten. */
export class Backoff {
  #ms = firstMs;

  next(): number {
    const ms = this.#ms;
    this.#ms = Math.min(ms * 2, longestMs);
    return ms;
  }

  reset(): void {
    this.#ms = firstMs;
  }
}
