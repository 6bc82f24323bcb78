import fc from 'fast-check';
import { expect, test } from 'vitest';
import { foldRegisters } from './fold-registers.ts';
import type { CommentsGuard, IssueEvent } from './issue-event.ts';
import { history } from './issue-history.fixture.ts';

const [template] = fc.sample(history, { numRuns: 1, seed: 1 })[0] ?? [];
if (!template) throw new Error('a history begins with an event');
const counted = (comments: CommentsGuard): IssueEvent => ({ ...(template as IssueEvent), comments });
const countAfter = (events: readonly IssueEvent[]) => foldRegisters(null, events).guards.comments[2];
const inBothOrders = (...guards: readonly CommentsGuard[]) => [
  countAfter(guards.map(counted)),
  countAfter(guards.toReversed().map(counted)),
];

test('of the comments counted in one second the most count, and after a deletion the fewest', () => {
  expect(inBothOrders([1_000, 1, 2], [1_000, 1, 3])).toEqual([3, 3]);
  expect(inBothOrders([1_000, 2, 2], [1_000, 2, 1])).toEqual([1, 1]);
});

test('a comment says more about their number than any other event of its second, and a later second more', () => {
  expect(inBothOrders([1_000, 0, 9], [1_000, 1, 3])).toEqual([3, 3]);
  expect(inBothOrders([1_000, 1, 3], [1_000, 2, 2])).toEqual([2, 2]);
  expect(inBothOrders([1_000, 2, 2], [2_000, 0, 5])).toEqual([5, 5]);
});
