import type { FeedCursor } from './feed-cursor.ts';

export interface FeedWindowLimits {
  readonly ageMs: number;
  readonly entries: number;
  readonly bytes: number;
}

/** A record's place on `issues.enriched`. */
export interface FeedPlace {
  readonly partition: number;
  readonly offset: number;
  /** Milliseconds since 1970. */
  readonly timestamp: number;
  readonly bytes: number;
}

export type Placement =
  /** Everything from this sequence number on is new to the reader, and some of it may be repeated. */
  | { readonly outcome: 'resume'; readonly sequence: number }
  /** The reader has seen more than this instance; it may catch up. */
  | { readonly outcome: 'ahead' }
  | { readonly outcome: 'resync'; readonly reason: string };

/**
 * The feed's last minutes, bounded in entries and bytes, in the order this instance read them. Entries have
 * sequence numbers, so that each reader keeps nothing but one.
 */
export class FeedWindow<Entry> {
  readonly #limits: FeedWindowLimits;
  readonly #entries: ({ readonly place: FeedPlace; readonly entry: Entry } | undefined)[] = [];
  /** Per partition the first offset from which on everything is here. */
  readonly #starts: number[];
  readonly #ends: number[];
  #first = 0;
  #head = 0;
  #bytes = 0;

  constructor(
    starts: readonly { readonly partition: number; readonly offset: number }[],
    limits: FeedWindowLimits,
  ) {
    this.#limits = limits;
    this.#starts = [];
    for (const { partition, offset } of starts) this.#starts[partition] = offset;
    this.#ends = [...this.#starts];
  }

  /** Sequence number of the oldest entry held. */
  get first(): number {
    return this.#first;
  }

  /** Sequence number that the next entry gets. */
  get end(): number {
    return this.#first + this.#entries.length - this.#head;
  }

  get bytes(): number {
    return this.#bytes;
  }

  /** Next offset of each partition. */
  get ends(): readonly number[] {
    return this.#ends;
  }

  at(sequence: number): Entry | undefined {
    return sequence < this.#first ? undefined : this.#entries[this.#head + sequence - this.#first]?.entry;
  }

  /** `make` gets the next offsets behind this record. */
  add(place: FeedPlace, make: (ends: readonly number[]) => Entry, now: number): void {
    this.#ends[place.partition] = place.offset + 1;
    this.#entries.push({ place, entry: make(this.#ends) });
    this.#bytes += place.bytes;
    this.expire(now);
  }

  /** Drops what is too old or too much. */
  expire(now: number): void {
    const { ageMs, entries, bytes } = this.#limits;
    for (;;) {
      const oldest = this.#entries[this.#head];
      if (!oldest) break;
      const tooMuch = this.#entries.length - this.#head > entries || this.#bytes > bytes;
      if (!tooMuch && now - oldest.place.timestamp <= ageMs) break;
      this.#entries[this.#head] = undefined;
      this.#head += 1;
      this.#first += 1;
      this.#bytes -= oldest.place.bytes;
      this.#starts[oldest.place.partition] = oldest.place.offset + 1;
    }
    if (this.#head > 1_000 && this.#head * 2 > this.#entries.length) {
      this.#entries.splice(0, this.#head);
      this.#head = 0;
    }
  }

  /** Whether this instance can go on where the cursor stands. */
  place(cursor: FeedCursor, feedId: string, now: number): Placement {
    if (cursor.feedId !== feedId) return { outcome: 'resync', reason: 'The feed was written anew.' };
    if (cursor.offsets.length !== this.#ends.length) {
      return { outcome: 'resync', reason: 'The feed has other partitions than before.' };
    }
    if (now - cursor.time > this.#limits.ageMs && !this.#isEnd(cursor)) {
      return { outcome: 'resync', reason: 'The last message seen is too long ago.' };
    }
    if (cursor.offsets.some((offset, partition) => offset < (this.#starts[partition] ?? 0))) {
      return { outcome: 'resync', reason: 'More has happened since than is kept.' };
    }
    if (cursor.offsets.some((offset, partition) => offset > (this.#ends[partition] ?? 0))) {
      return { outcome: 'ahead' };
    }
    return { outcome: 'resume', sequence: this.#firstUnseen(cursor) };
  }

  #isEnd(cursor: FeedCursor): boolean {
    return cursor.offsets.every((offset, partition) => offset === this.#ends[partition]);
  }

  #firstUnseen(cursor: FeedCursor): number {
    for (let index = this.#head; index < this.#entries.length; index += 1) {
      const place = this.#entries[index]?.place;
      if (place && place.offset >= (cursor.offsets[place.partition] ?? 0))
        return this.#first + index - this.#head;
    }
    return this.end;
  }
}
