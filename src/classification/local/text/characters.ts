/** What a UTF-16 unit is to the scanner. */
export const characterClass = {
  other: 0,
  letter: 1,
  digit: 2,
  space: 3,
  /** Chinese, Japanese and Korean: written without spaces, so each unit is a token. */
  ideograph: 4,
} as const;

const ascii = new Uint8Array(128);
for (let code = 0; code < 128; code++) {
  if ((code >= 65 && code <= 90) || (code >= 97 && code <= 122) || code === 95)
    ascii[code] = characterClass.letter;
  else if (code >= 48 && code <= 57) ascii[code] = characterClass.digit;
  else if (code === 32 || (code >= 9 && code <= 13)) ascii[code] = characterClass.space;
}

/** The class of a UTF-16 unit. Beyond ASCII only what tokenising needs is told apart. */
export function classOf(code: number): number {
  if (code < 128) return ascii[code]!;
  if (code === 0xa0 || code === 0x3000 || (code >= 0x2000 && code <= 0x200b)) return characterClass.space;
  if ((code >= 0x3040 && code <= 0x9fff) || (code >= 0xac00 && code <= 0xd7af))
    return characterClass.ideograph;
  if (code < 0xc0 || (code >= 0x200c && code <= 0x2bff) || (code >= 0x3001 && code <= 0x303f))
    return characterClass.other;
  // Surrogates (emoji, and halves without a partner), private use, variation selectors, specials.
  if (code >= 0xd800 && code <= 0xf8ff) return characterClass.other;
  if (code >= 0xfe00 && code <= 0xfe0f) return characterClass.other;
  if (code >= 0xff00) return characterClass.other;
  return characterClass.letter;
}

/** Lower case of one unit for the scripts where that is one addition; offsets must not shift, so no `toLowerCase`. */
export function lowerOf(code: number): number {
  if (code >= 65 && code <= 90) return code + 32;
  if (code < 0xc0) return code;
  if ((code <= 0xde && code !== 0xd7) || (code >= 0x391 && code <= 0x3a9) || (code >= 0x410 && code <= 0x42f))
    return code + 32;
  return code >= 0x400 && code <= 0x40f ? code + 80 : code;
}
