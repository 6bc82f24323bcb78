/**
 * Text from GitHub as it may stand in a header or on a terminal: control characters and lone surrogates are
 * replaced by U+FFFD.
 */
export const oneLine = (text: string): string => text.replace(/[\p{Cc}\p{Cs}]/gu, '\ufffd');
