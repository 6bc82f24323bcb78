import type { FeedEntry } from './feed-entry.ts';

/** What a client reads from: the feed's window, whichever it is now. */
export interface FeedSource {
  /** Sequence number of the oldest entry held. */
  readonly first: number;
  /** Sequence number of the next entry. */
  readonly end: number;
  at(sequence: number): FeedEntry | undefined;
  /** Where the feed stands. */
  cursor(): string;
}
