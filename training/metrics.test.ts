import { expect, test } from 'vitest';
import { calibrationError, coverage, fitTemperature, probabilities } from './metrics.ts';

/** Ten issues of class 0, of which `right` have the higher logit there, each with the same gap. */
const cases = (right: number, gap: number) => ({
  labels: new Array<number>(10).fill(0),
  logits: Array.from({ length: 10 }, (_, at) =>
    at < right ? Float64Array.of(gap, 0) : Float64Array.of(0, gap),
  ),
});

test('the fitted temperature makes confidence what accuracy is', () => {
  const { labels, logits } = cases(8, 4);
  const temperature = fitTemperature(labels, logits);
  expect(probabilities(logits[0]!, temperature)[0]).toBeCloseTo(0.8, 2);
  expect(calibrationError(labels, logits, temperature)).toBeLessThan(0.01);
  expect(calibrationError(labels, logits, 1)).toBeCloseTo(0.182, 2);
});

test('coverage counts who is sure, and how many of those are right', () => {
  const { labels, logits } = cases(8, 4);
  expect(coverage(labels, logits, 1, 0.9)).toEqual({ share: 1, accuracy: 0.8 });
  expect(coverage(labels, logits, 1, 0.99)).toEqual({ share: 0, accuracy: 0 });
});
