/** Raised by hand whenever a rule, a cue or the reading of text changes an answer. */
export const rulesVersion = 1;
