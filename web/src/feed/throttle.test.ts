import { expect, it } from 'vitest';
import { Throttle } from './throttle.ts';

it('lets the first through at once and gathers what follows', () => {
  const waiting: (() => void)[] = [];
  const delivered: (readonly number[])[] = [];
  const throttle = new Throttle<number>(
    100,
    (_ms, callback) => {
      waiting.push(callback);
      return () => undefined;
    },
    (items) => delivered.push(items),
  );
  throttle.push(1);
  throttle.push(2);
  throttle.push(3);
  expect(delivered).toEqual([[1]]);
  waiting.shift()?.();
  expect(delivered).toEqual([[1], [2, 3]]);
  waiting.shift()?.();
  throttle.push(4);
  expect(delivered).toEqual([[1], [2, 3], [4]]);
});
