import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type LedgerEntry, refusedByLedger } from './deletion-ledger.ts';
import { history } from './issue-history.fixture.ts';

const noon = Date.UTC(2026, 0, 1, 12);
const [event] = fc.sample(history, { numRuns: 1, seed: 1 })[0] ?? [];
if (!event) throw new Error('a history begins with an event');
const passes = (second: number, entry: Partial<LedgerEntry>): boolean =>
  refusedByLedger(
    { ...event, second },
    {
      version: 1,
      deletedAt: noon,
      stateSecond: null,
      permanent: false,
      reason: 'person',
      lifted: false,
      ...entry,
    },
  ) === null;

test('after a person’s deletion only what is later than both the deletion and the state that was deleted passes', () => {
  expect(passes(noon, {})).toBe(false);
  expect(passes(noon + 1_000, {})).toBe(true);
  // GitHub's clock may run before ours: the deleted state itself is nothing new.
  expect(passes(noon + 1_000, { stateSecond: noon + 1_000 })).toBe(false);
  expect(passes(noon + 2_000, { stateSecond: noon + 1_000 })).toBe(true);
});

test('what GitHub deleted or transferred, and what was erased, lets nothing pass, however late', () => {
  const late = noon + 86_400_000;
  expect(passes(late, { reason: 'github-deleted' })).toBe(false);
  expect(passes(late, { reason: 'github-transferred' })).toBe(false);
  expect(passes(late, { permanent: true })).toBe(false);
  expect(passes(late, { reason: 'github-deleted', lifted: true })).toBe(true);
});
