import { expect, test } from 'vitest';
import { compareAppended, compareEnds, knownEnds, movedEnds } from './relay-ends.ts';

const at = (partition: number, offset: number) => ({ topic: 'issues.enriched', partition, offset });
const known = knownEnds([at(0, 10), at(1, 20)]);

test('places right behind what is known leave no gap, in whatever order they come', () => {
  const comparison = compareAppended(known, [at(1, 20), at(0, 11), at(0, 10)]);
  expect(comparison).toMatchObject({ outcome: 'known', gaps: [] });
  if (comparison.outcome === 'known')
    expect(movedEnds(known, comparison.ends)).toEqual([at(0, 12), at(1, 21)]);
});

test("what lies between is somebody else's, before the send and within it", () => {
  expect(compareAppended(known, [at(0, 12), at(0, 14), at(1, 20)])).toMatchObject({
    outcome: 'known',
    gaps: [
      { partition: 0, from: 10, to: 12 },
      { partition: 0, from: 13, to: 14 },
    ],
  });
});

test('a partition that was never seen begins at 0', () => {
  expect(compareAppended(known, [at(2, 0)])).toMatchObject({ outcome: 'known', gaps: [] });
});

test('a log that ends before what was seen of it is another log', () => {
  expect(compareAppended(known, [at(0, 9)])).toEqual({ outcome: 'behind', place: at(0, 9) });
  expect(compareEnds(known, [at(0, 9), at(1, 20)])).toEqual({ outcome: 'behind', place: at(0, 9) });
});

test('an end that moved while nothing was sent is a gap', () => {
  expect(compareEnds(known, [at(0, 10), at(1, 22)])).toMatchObject({
    outcome: 'known',
    gaps: [{ partition: 1, from: 20, to: 22 }],
  });
});
