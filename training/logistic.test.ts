import { expect, test } from 'vitest';
import { minimise } from './lbfgs.ts';
import { softmax, trainLogistic } from './logistic.ts';

test('finds the bottom of a narrow valley', () => {
  const point = Float64Array.of(-1.2, 1);
  minimise(
    (at, gradient) => {
      const [x, y] = [at[0]!, at[1]!];
      gradient[0] = -400 * x * (y - x * x) - 2 * (1 - x);
      gradient[1] = 200 * (y - x * x);
      return 100 * (y - x * x) ** 2 + (1 - x) ** 2;
    },
    point,
    { iterations: 200, tolerance: 1e-15 },
  );
  expect(point[0]).toBeCloseTo(1, 3);
  expect(point[1]).toBeCloseTo(1, 3);
});

const design = {
  columns: 3,
  rowStart: Uint32Array.of(0, 1, 2, 3),
  column: Uint32Array.of(0, 1, 2),
  value: Float32Array.of(1, 1, 1),
  label: Uint8Array.of(0, 1, 2),
  weight: Float64Array.of(1, 1, 1),
};

test('gives every column to its class, the same each time', () => {
  const weights = trainLogistic(design, { classes: 3, c: 10, iterations: 50 });
  for (let column = 0; column < 3; column++) {
    const own = [...weights.subarray(column * 3, column * 3 + 3)];
    expect(own.indexOf(Math.max(...own))).toBe(column);
  }
  expect(trainLogistic(design, { classes: 3, c: 10, iterations: 50 })).toEqual(weights);
});

test('at the optimum, weights are the residuals times C', () => {
  const weights = trainLogistic(design, { classes: 3, c: 2, iterations: 200, tolerance: 1e-14 });
  const first = weights.slice(0, 3);
  softmax(first);
  expect(weights[0]).toBeCloseTo(2 * (1 - first[0]!), 4);
  expect(weights[1]).toBeCloseTo(-2 * first[1]!, 4);
});
