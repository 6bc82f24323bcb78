/** Where a reader of the feed stands. Opaque to clients; any gateway instance can place it. */
export interface FeedCursor {
  /** Of the database; new whenever the topic is written anew. */
  readonly feedId: string;
  /** Milliseconds since 1970 of what was read last. */
  readonly time: number;
  /** Next offset of each partition of `issues.enriched`. */
  readonly offsets: readonly number[];
}

export function encodeFeedCursor({ feedId, time, offsets }: FeedCursor): string {
  return Buffer.from(`${feedId},${time},${offsets.join(',')}`).toString('base64url');
}

/** Null for anything that `encodeFeedCursor` did not write. */
export function decodeFeedCursor(text: string): FeedCursor | null {
  if (!/^[A-Za-z0-9_-]{1,2000}$/.test(text)) return null;
  const [feedId = '', ...numbers] = Buffer.from(text, 'base64url').toString().split(',');
  const values = numbers.map((each) => (/^\d{1,16}$/.test(each) ? Number(each) : Number.NaN));
  const [time, ...offsets] = values;
  if (feedId === '' || time === undefined || offsets.length === 0) return null;
  return values.every(Number.isSafeInteger) ? { feedId, time, offsets } : null;
}
