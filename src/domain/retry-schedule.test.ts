import { expect, test } from 'vitest';
import { firstRetry, nextTry, retrySchedule } from './retry-schedule.ts';

test('three retries after 2, 4 and 8 seconds, then the event is dead', () => {
  expect(firstRetry(retrySchedule, 0)).toBe(2_000);
  expect([2, 3, 4, 5].map((attempts) => nextTry(retrySchedule, attempts, 0))).toEqual([
    { kind: 'retry', afterMs: 4_000 },
    { kind: 'retry', afterMs: 8_000 },
    { kind: 'dead' },
    { kind: 'dead' },
  ]);
});

test('chance lengthens a delay by its share, and never shortens it', () => {
  const schedule = { delaysMs: [1_000, 2_000], jitter: 0.5 } as const;
  expect(firstRetry(schedule, 0)).toBe(1_000);
  expect(firstRetry(schedule, 0.5)).toBe(1_250);
  expect(nextTry(schedule, 2, 0.5)).toEqual({ kind: 'retry', afterMs: 2_500 });
});
