/**
 * Text from an issue as it may be stored and shown: no control characters (PostgreSQL refuses NUL), no lone
 * surrogates, no marks that turn the reading direction or hide (they make text look like other text), single blanks.
 */
export function plainText(text: string): string {
  return text
    .toWellFormed()
    .replace(/[\p{Cc}\u00ad\u061c\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff]+/gu, ' ')
    .replace(/\s+/gu, ' ')
    .trim();
}

/** At most `limit` UTF-16 units, cut at a word where there is one, never within a surrogate pair. */
export function cut(text: string, limit: number): string {
  if (text.length <= limit) return text;
  const head = text.slice(0, limit - 1);
  const blank = head.lastIndexOf(' ');
  const kept = (blank > limit * 0.6 ? head.slice(0, blank) : head).replace(/[\ud800-\udbff]$/, '');
  return `${kept.replace(/[\s.,;:–-]+$/u, '')}…`;
}
