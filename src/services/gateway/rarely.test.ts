import { expect, test } from 'vitest';
import type { Clock } from '../../effects/clock.ts';
import { rarely } from './rarely.ts';

test('an answer is shared while it is made and kept in proportion to what it took; a failure is not kept', async () => {
  let now = 0;
  const clock: Clock = { now: () => now, monotonic: () => now, sleep: () => Promise.resolve() };
  let asked = 0;
  let fails = false;
  const ask = rarely(clock, async () => {
    asked += 1;
    now += 10;
    if (fails) throw new Error('away');
    return asked;
  });
  expect(await Promise.all([ask(), ask()])).toEqual([1, 1]);
  now += 199;
  expect(await ask()).toBe(1);
  now += 1;
  fails = true;
  await expect(ask()).rejects.toThrow('away');
  fails = false;
  expect(await ask()).toBe(3);
});
