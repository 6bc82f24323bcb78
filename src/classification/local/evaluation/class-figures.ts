/** How well one class is told from the others. Shares of 0 to 1; 0 where there is nothing to divide by. */
export interface ClassFigures {
  readonly precision: number;
  readonly recall: number;
  readonly f1: number;
  /** How many truly are of this class. */
  readonly support: number;
}

export function classFigures<T>(labels: readonly T[], predicted: readonly T[], wanted: T): ClassFigures {
  let hits = 0;
  let said = 0;
  let support = 0;
  for (const [at, label] of labels.entries()) {
    if (label === wanted) support++;
    if (predicted[at] === wanted) said++;
    if (label === wanted && predicted[at] === wanted) hits++;
  }
  const precision = said === 0 ? 0 : hits / said;
  const recall = support === 0 ? 0 : hits / support;
  return { precision, recall, f1: hits === 0 ? 0 : (2 * precision * recall) / (precision + recall), support };
}
