import { softmax } from './logistic.ts';

export const bestOf = (scores: ArrayLike<number>): number => {
  let best = 0;
  for (let k = 1; k < scores.length; k++) if (scores[k]! > scores[best]!) best = k;
  return best;
};

export function probabilities(logits: Float64Array, temperature: number): Float64Array {
  const scaled = logits.map((z) => z / temperature);
  softmax(scaled);
  return scaled;
}

/** The temperature with the least log loss, to two digits. */
export function fitTemperature(labels: readonly number[], logits: readonly Float64Array[]): number {
  let best = 1;
  let least = Number.POSITIVE_INFINITY;
  for (let hundredths = 30; hundredths <= 400; hundredths++) {
    let loss = 0;
    for (const [at, label] of labels.entries()) {
      loss -= Math.log(Math.max(1e-12, probabilities(logits[at]!, hundredths / 100)[label]!));
    }
    if (loss < least) {
      least = loss;
      best = hundredths / 100;
    }
  }
  return best;
}

/** Expected calibration error over ten equal bins of confidence. */
export function calibrationError(
  labels: readonly number[],
  logits: readonly Float64Array[],
  temperature: number,
): number {
  const bins = Array.from({ length: 10 }, () => ({ confidence: 0, right: 0 }));
  for (const [at, label] of labels.entries()) {
    const spread = probabilities(logits[at]!, temperature);
    const best = bestOf(spread);
    const bin = bins[Math.min(9, Math.floor(spread[best]! * 10))]!;
    bin.confidence += spread[best]!;
    if (best === label) bin.right++;
  }
  return bins.reduce((sum, bin) => sum + Math.abs(bin.confidence - bin.right), 0) / labels.length;
}

/** How many answers are at least this sure, and how many of those are right. */
export function coverage(
  labels: readonly number[],
  logits: readonly Float64Array[],
  temperature: number,
  threshold: number,
): { readonly share: number; readonly accuracy: number } {
  let sure = 0;
  let right = 0;
  for (const [at, label] of labels.entries()) {
    const spread = probabilities(logits[at]!, temperature);
    const best = bestOf(spread);
    if (spread[best]! < threshold) continue;
    sure++;
    if (best === label) right++;
  }
  return { share: sure / labels.length, accuracy: sure === 0 ? 0 : right / sure };
}
