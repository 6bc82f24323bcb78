/** Characters that reorder the text around them; a title has no honest use for them. */
const reordering = /[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/g;

/** A hostile text as one line: nothing that reorders, breaks or hides it. */
export const oneLine = (text: string): string =>
  text.replaceAll(reordering, '').replaceAll(/\s+/g, ' ').trim() || 'Untitled';
