/**
 * The words of one line of Markdown: marks, tags, pictures and link targets taken out. Each step is one pass with
 * bounded repetition, so that hostile text costs no more than other text.
 */
export function stripMarkdown(line: string): string {
  return line
    .replace(/<!--.{0,600}?(?:-->|$)/gsu, ' ')
    .replace(/<(script|style)\b[^<>]{0,300}>[^<]{0,600}(?:<\/\1\s*>)?/giu, ' ')
    .replace(/<\/?[a-z][^<>]{0,400}>/giu, ' ')
    .replace(/!\[[^\][]{0,200}\]\([^()\s]{0,400}(?:\s[^()]{0,100})?\)/gu, ' ')
    .replace(/\[([^\][]{1,200})\]\([^()\s]{0,400}(?:\s[^()]{0,100})?\)/gu, '$1')
    .replace(/\bhttps?:\/\/\S+/giu, '[link]')
    .replace(/^\s*(?:[-*+>]|\d{1,3}[.)]|#{1,6})\s+/u, '')
    .replace(/\*{1,3}|~~|`+|(?<![\p{L}\d])_{1,2}|_{1,2}(?![\p{L}\d])/gu, '');
}
