/**
 * The text as a text column can hold it: PostgreSQL refuses NUL, and UTF-8 has no lone surrogates. Each is replaced by
 * U+FFFD, so lengths stay. For jsonb the same holds of every string inside.
 */
export function storableText(text: string): string {
  const wellFormed = text.isWellFormed() ? text : text.toWellFormed();
  return wellFormed.includes('\u0000') ? wellFormed.replaceAll('\u0000', '\uFFFD') : wellFormed;
}
