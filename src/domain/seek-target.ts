/** Where a group is to go on: an end of the log, an offset, or the first record at or after a time in milliseconds. */
export type SeekTarget =
  | { readonly kind: 'start' }
  | { readonly kind: 'end' }
  | { readonly kind: 'offset'; readonly offset: number }
  | { readonly kind: 'time'; readonly time: number };

/** Reads `start`, `end`, an offset, or a time in ISO 8601; null when it is none of them. */
export function parseSeekTarget(text: string): SeekTarget | null {
  if (text === 'start' || text === 'end') return { kind: text };
  if (/^\d{1,16}$/.test(text) && Number.isSafeInteger(Number(text))) {
    return { kind: 'offset', offset: Number(text) };
  }
  const time = /^\d{4}-\d{2}-\d{2}/.test(text) ? Date.parse(text) : Number.NaN;
  return Number.isNaN(time) ? null : { kind: 'time', time };
}
