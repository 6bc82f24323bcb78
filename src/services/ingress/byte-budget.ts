/** The bytes that one request holds. Giving them back twice is harmless. */
export interface ByteHold {
  /** Takes more, or nothing and false when the budget has no room. */
  take(bytes: number): boolean;
  release(): void;
}

/**
 * A bound of the bytes that all requests in flight hold together. What has arrived counts, not what was announced:
 * else a few slow senders could reserve everything by a header.
 */
export class ByteBudget {
  readonly #limit: number;
  #held = 0;

  constructor(limit: number) {
    this.#limit = limit;
  }

  get held(): number {
    return this.#held;
  }

  hold(): ByteHold {
    let mine = 0;
    return {
      take: (bytes) => {
        if (this.#held + bytes > this.#limit) return false;
        this.#held += bytes;
        mine += bytes;
        return true;
      },
      release: () => {
        this.#held -= mine;
        mine = 0;
      },
    };
  }
}
