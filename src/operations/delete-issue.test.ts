import { sql } from 'kysely';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { openScratchDatabase, type ScratchDatabase } from '../database/scratch-database.fixture.ts';
import { storeIssues } from '../database/stored-issues.fixture.ts';
import { systemClock } from '../effects/clock.ts';
import { correctClassification } from './correct-classification.ts';
import { awaitDeletionPublished, deleteIssue } from './delete-issue.ts';

let scratch: ScratchDatabase;
beforeAll(async () => {
  scratch = await openScratchDatabase();
}, 60_000);
afterAll(() => scratch[Symbol.asyncDispose]());

const clock = systemClock;
const remove = (number: number, by = 'someone') =>
  deleteIssue(
    { database: scratch.database, clock },
    { key: { repositoryId: 1, number }, repository: 'acme/app', by },
  );
const queries = () => scratch.database.queries;
const ledger = (number: number) =>
  queries().selectFrom('deletions').selectAll().where('number', '=', number).executeTakeFirst();
const owed = async (number: number) =>
  (
    await queries()
      .selectFrom('outbox')
      .selectAll()
      .where('key', '=', `1#${number}`)
      .orderBy('topic')
      .execute()
  ).map(({ topic, version }) => [topic, version]);

test('takes everything of the issue along, leaves its ledger row, and owes both topics', async () => {
  await storeIssues(scratch.database, [{ number: 1, version: 5, updatedAt: '2026-02-03T04:05:06Z' }]);
  await queries()
    .insertInto('ai_tasks')
    .values({ repository_id: 1, number: 1, content_hash: 'h', live: true })
    .execute();
  const corrected = await correctClassification(
    { database: scratch.database, clock },
    {
      key: { repositoryId: 1, number: 1 },
      version: 5,
      set: { category: 'feature' },
      undo: [],
      by: 'someone',
    },
  );
  expect(corrected.outcome).toBe('corrected');
  const deleted = await remove(1);
  expect(deleted.outcome).toBe('deleted');
  for (const table of ['issues', 'classifications', 'corrections', 'ai_tasks'] as const) {
    expect(await queries().selectFrom(table).selectAll().where('number', '=', 1).execute()).toEqual([]);
  }
  expect(await ledger(1)).toMatchObject({
    repository: 'acme/app',
    version: deleted.version,
    reason: 'person',
    deleted_by: 'someone',
    permanent: false,
    state_updated_at: new Date('2026-02-03T04:05:06Z'),
  });
  expect(await owed(1)).toEqual([
    ['issues.deletions', deleted.version],
    ['issues.enriched', deleted.version],
  ]);
  if (corrected.outcome === 'corrected') expect(deleted.version).toBeGreaterThan(corrected.issue.version);
});

test('bars an issue that was never seen, and again with a larger version', async () => {
  const first = await remove(2);
  expect(first).toMatchObject({ outcome: 'barred', repository: 'acme/app' });
  expect(await ledger(2)).toMatchObject({ state_updated_at: null, version: first.version });
  const second = await remove(2, 'someone else');
  expect(second.version).toBeGreaterThan(first.version);
  expect(await ledger(2)).toMatchObject({ deleted_by: 'someone else' });
});

test('bars up to the state that was deleted also when the issue is deleted once more', async () => {
  await storeIssues(scratch.database, [{ number: 5, updatedAt: '2026-02-03T04:05:06Z' }]);
  await remove(5);
  await remove(5);
  expect(await ledger(5)).toMatchObject({ state_updated_at: new Date('2026-02-03T04:05:06Z') });
});

test('bars no less when it is deleted once more by a clock that is behind', async () => {
  await remove(6);
  const first = await ledger(6);
  const behind = { ...clock, now: () => clock.now() - 60_000 };
  await deleteIssue(
    { database: scratch.database, clock: behind },
    { key: { repositoryId: 1, number: 6 }, repository: 'acme/app', by: 'someone' },
  );
  expect((await ledger(6))?.deleted_at).toEqual(first?.deleted_at);
});

test("does not weaken GitHub's own deletion or a permanent one", async () => {
  await sql`insert into deletions values
    (1, 3, 'acme/app', 7, now(), '2026-01-01T00:00:00Z', 'github-deleted', 'github', true, null)`.execute(
    queries(),
  );
  await remove(3);
  expect(await ledger(3)).toMatchObject({ reason: 'github-deleted', deleted_by: 'github', permanent: true });
  await sql`update deletions set lifted_at = now() where number = 3`.execute(queries());
  await remove(3);
  expect(await ledger(3)).toMatchObject({ reason: 'person', deleted_by: 'someone', lifted_at: null });
});

test('is published once the relay no longer owes it to issues.deletions', async () => {
  await remove(4);
  const key = { repositoryId: 1, number: 4 };
  const database = scratch.database;
  expect(await awaitDeletionPublished({ database, clock }, key, 0)).toBe('owed');
  const waiting = awaitDeletionPublished({ database, clock }, key, 5_000);
  await sql`delete from outbox where topic = 'issues.deletions' and key = '1#4'`.execute(queries());
  expect(await waiting).toBe('published');
});
