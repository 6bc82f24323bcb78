import { expect, it } from 'vitest';
import { judgeRest } from './rest.ts';

it('collects once when the work has ended, and not again before there was work', () => {
  let worked = false;
  const collected = [0.01, 0.9, 0.1, 0.01, 0.01, 0.3, 0.02].map((used) => {
    const judged = judgeRest(used, worked);
    worked = judged.worked;
    return judged.collect;
  });
  expect(collected).toEqual([false, false, false, true, false, false, true]);
});
