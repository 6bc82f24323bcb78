import { expect, it } from 'vitest';
import { growingDelay } from './growing-delay.ts';

const delay = { firstMs: 1_000, longestMs: 60_000, jitter: 0.2 };

it('doubles with every failure, up to the longest', () => {
  expect([1, 2, 3, 7, 2_000].map((failures) => growingDelay(delay, failures, 0))).toEqual([
    1_000, 2_000, 4_000, 60_000, 60_000,
  ]);
});

it('is lengthened by chance', () => {
  expect(growingDelay(delay, 1, 0.5)).toBe(1_100);
});
