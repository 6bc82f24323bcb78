/**
 * Text from an issue as it may be stored and shown: no control characters (PostgreSQL refuses NUL), no lone
 * surrogates, no marks that turn the reading direction or hide (they make text look like other text), single blanks.
 */
export function plainText(text: string): string {
  if (isPlain(text)) return text;
  return text
    .toWellFormed()
    .replace(/[\p{Cc}\u00ad\u061c\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff]+/gu, ' ')
    .replace(/\s+/gu, ' ')
    .trim();
}

/** Printable ASCII without blanks to mend, as almost all words are: the patterns need not run. */
function isPlain(text: string): boolean {
  let last = 32;
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (code < 32 || code > 126 || (code === 32 && last === 32)) return false;
    last = code;
  }
  return last !== 32 || text === '';
}

/** At most `limit` UTF-16 units, cut at a word where there is one, never within a surrogate pair. */
export function cut(text: string, limit: number): string {
  if (text.length <= limit) return text;
  const head = text.slice(0, limit - 1);
  const blank = head.lastIndexOf(' ');
  const kept = (blank > limit * 0.6 ? head.slice(0, blank) : head).replace(/[\ud800-\udbff]$/, '');
  return `${kept.replace(/[\s.,;:–-]+$/u, '')}…`;
}
