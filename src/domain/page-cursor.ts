/** The last issue of a page: the next page begins behind it. */
export interface PageCursor {
  /** `updated_at` in milliseconds; GitHub's have whole seconds. */
  readonly updatedAt: number;
  readonly repositoryId: number;
  readonly number: number;
}

/** Opaque to clients, safe in a URL. */
export function encodePageCursor(cursor: PageCursor): string {
  return Buffer.from(JSON.stringify([cursor.updatedAt, cursor.repositoryId, cursor.number])).toString(
    'base64url',
  );
}

/** Null for anything that `encodePageCursor` did not write. */
export function decodePageCursor(text: string): PageCursor | null {
  if (!/^[A-Za-z0-9_-]{1,100}$/.test(text)) return null;
  const match = /^\[(-?\d{1,15}),(-?\d{1,16}),(\d{1,10})\]$/.exec(Buffer.from(text, 'base64url').toString());
  if (!match) return null;
  const [updatedAt, repositoryId, number] = match.slice(1).map(Number) as [number, number, number];
  // The range of a JavaScript date, which PostgreSQL's contains.
  return Math.abs(updatedAt) <= 8.64e15 && Number.isSafeInteger(repositoryId)
    ? { updatedAt, repositoryId, number }
    : null;
}
