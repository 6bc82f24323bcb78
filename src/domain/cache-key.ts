/** Who answered, as answers name it. The version covers the prompt and the lists that labels are chosen from. */
export const classifierName = ({ name, version }: { readonly name: string; readonly version: string }) =>
  `${name}@${version}`;

/**
 * Under which an answer is kept: classifier, repository, content. Answers never cross repositories, and a stored one is
 * never asked for again.
 * @param classifier of `classifierName`
 */
export const cacheKey = (classifier: string, repositoryId: number, contentHash: string): string =>
  `${classifier}/${repositoryId}/${contentHash}`;
