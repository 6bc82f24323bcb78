/**
 * A view is one way to look at the text; each has its own features and is normalised on its own, so that a long body
 * cannot drown the title. The order is part of the model's format: only append.
 */
export const viewNames = [
  'titleWords',
  'bodyWords',
  'leadWords',
  'headingWords',
  'titleCharacters',
  'leadCharacters',
  'codeWords',
] as const;

export const viewCount = viewNames.length;
export const view = Object.fromEntries(viewNames.map((name, at) => [name, at])) as Readonly<
  Record<(typeof viewNames)[number], number>
>;
