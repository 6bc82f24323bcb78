/** Probabilities of logits divided by a temperature. */
export function softmax(logits: ArrayLike<number>, temperature: number): number[] {
  let largest = Number.NEGATIVE_INFINITY;
  for (let k = 0; k < logits.length; k++) largest = Math.max(largest, logits[k]!);
  const odds = Array.from({ length: logits.length }, (_, k) =>
    Math.exp((logits[k]! - largest) / temperature),
  );
  const sum = odds.reduce((total, each) => total + each, 0);
  return odds.map((each) => each / sum);
}
