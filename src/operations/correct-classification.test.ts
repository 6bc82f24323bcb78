import { afterAll, beforeAll, expect, test } from 'vitest';
import { openScratchDatabase, type ScratchDatabase } from '../database/scratch-database.fixture.ts';
import { storeIssues } from '../database/stored-issues.fixture.ts';
import { systemClock } from '../effects/clock.ts';
import { correctClassification } from './correct-classification.ts';

let scratch: ScratchDatabase;
beforeAll(async () => {
  scratch = await openScratchDatabase();
}, 60_000);
afterAll(() => scratch[Symbol.asyncDispose]());

const clock = systemClock;

test('a correction and its refusals', async () => {
  await storeIssues(scratch.database, [{ number: 5, version: 50 }]);
  const correct = (version: number, set: object) =>
    correctClassification(
      { database: scratch.database, clock },
      { key: { repositoryId: 1, number: 5 }, version, set, undo: [], by: 'someone' },
    );
  expect(await correct(49, { category: 'feature' })).toEqual({ outcome: 'version-conflict', version: 50 });
  expect((await correct(50, {})).outcome).toBe('unchanged');
  const [one, two] = await Promise.all([correct(50, { priority: 'high' }), correct(50, { priority: 'low' })]);
  expect([one.outcome, two.outcome].sort()).toEqual(['corrected', 'version-conflict']);
});

test('text that a text column cannot hold is replaced, as in issues', async () => {
  await storeIssues(scratch.database, [{ number: 6, version: 60 }]);
  const set = { summary: 'a\0b', component: '\ud800', tags: ['\0', 'plain'] };
  const correct = (version: number) =>
    correctClassification(
      { database: scratch.database, clock },
      { key: { repositoryId: 1, number: 6 }, version, set, undo: [], by: 'someone' },
    );
  const first = await correct(60);
  if (first.outcome !== 'corrected') throw new Error(first.outcome);
  expect(first.issue.classification).toMatchObject({
    summary: 'a\ufffdb',
    component: '\ufffd',
    tags: ['\ufffd', 'plain'],
  });
  expect((await correct(first.issue.version)).outcome).toBe('unchanged');
});
