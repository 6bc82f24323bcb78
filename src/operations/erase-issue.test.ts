import { sql } from 'kysely';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { topics } from '../contracts/topics.ts';
import { countErasable } from '../database/erasures.ts';
import { compressPayload } from '../database/payload-bytes.ts';
import { openScratchDatabase, type ScratchDatabase } from '../database/scratch-database.fixture.ts';
import { answerOf, storeIssues } from '../database/stored-issues.fixture.ts';
import { systemClock } from '../effects/clock.ts';
import { deleteIssue } from './delete-issue.ts';
import { awaitErasurePublished, eraseIssue } from './erase-issue.ts';

let scratch: ScratchDatabase;
beforeAll(async () => {
  scratch = await openScratchDatabase();
}, 60_000);
afterAll(() => scratch[Symbol.asyncDispose]());
beforeEach(async () => {
  await sql`truncate events, issues, classifications, corrections, ai_answers, ai_tasks, ai_calls, ai_contents, outbox,
                     deletions, audit`.execute(scratch.database.queries);
});

const queries = () => scratch.database.queries;
const effects = () => ({ database: scratch.database, clock: systemClock });
const keyOf = (number: number) => ({ repositoryId: 1, number });
const erase = (number: number) =>
  eraseIssue(effects(), { key: keyOf(number), repository: '', by: 'an operator', why: 'asked to' });

interface Stored {
  readonly id: string;
  readonly number?: number;
  readonly status?: 'applied' | 'stale' | 'failed' | 'dead';
}

async function storeEvents(...all: readonly Stored[]): Promise<void> {
  for (const { id, number = 1, status = 'applied' } of all) {
    const payload = await compressPayload(Buffer.from('{"title": "Mona was here"}'));
    const failed = status === 'failed' || status === 'dead';
    const record = failed
      ? JSON.stringify({ key: `1#${number}`, headers: { odd: 'Mona' }, timestamp: 5 })
      : null;
    await sql`
      insert into events (delivery_id, repository_id, number, event, action, updated_at, rank, received_at, status, reason,
        actor, origin, correlation_id, topic, partition, log_offset, record_key, payload, record, failure, next_try_at)
      values (${id}, 1, ${number}::bigint, 'issues', 'opened', '2026-03-01T12:00:00Z', 1, '2026-03-01T12:00:01Z', ${status},
        ${failed ? 'could not be stored: Mona' : 'a later state of the issue is known'}, 'mona', 'github', 'c', 'issues.raw',
        0, 7, ${`1#${number}`}, decode(${payload.toString('base64')}, 'base64'), ${record}::json,
        ${failed ? 'SQLSTATE 23514' : null}, ${status === 'failed' ? '2026-03-01T12:00:09Z' : null}::timestamptz)`.execute(
      queries(),
    );
  }
}

/** Answers of a model, by content; and which issues ever had the content. */
async function storeAnswer(contentHash: string, ...numbers: readonly number[]): Promise<void> {
  const cacheKey = `m/odel@1/1/${contentHash}`;
  await queries()
    .insertInto('ai_answers')
    .values({
      cache_key: cacheKey,
      repository_id: 1,
      content_hash: contentHash,
      classifier: 'm/odel@1',
      answer: JSON.stringify(answerOf()),
    })
    .execute();
  await queries()
    .insertInto('ai_calls')
    .values({ cache_key: cacheKey, leased_until: new Date(), begun: 0 })
    .execute();
  for (const number of numbers) {
    await queries()
      .insertInto('ai_contents')
      .values({ repository_id: 1, number, content_hash: contentHash })
      .execute();
  }
}

const kept = async (table: 'ai_answers' | 'ai_calls') =>
  (await queries().selectFrom(table).select('cache_key').orderBy('cache_key').execute()).map(
    ({ cache_key }) => cache_key.split('/').at(-1),
  );
const events = () =>
  queries()
    .selectFrom('events')
    .select(['delivery_id', 'status', 'reason', 'actor', 'payload', 'record', 'next_try_at', 'failure'])
    .orderBy('delivery_id')
    .execute();

test('events keep that they came and what became of them, and nothing of what they said', async () => {
  await storeIssues(scratch.database, [{ number: 1, version: 5_000 }]);
  await storeEvents(
    { id: 'a' },
    { id: 'b', status: 'stale' },
    { id: 'c', status: 'failed' },
    { id: 'd', status: 'dead' },
    { id: 'z', number: 2 },
  );
  const { counts, version } = await erase(1);
  expect(counts).toMatchObject({ issues: 1, events: 4, failed: 1, deadLetters: 1 });
  expect(version).toBeGreaterThan(5_000);
  const nothing = { actor: null, payload: null, record: null, next_try_at: null, failure: null };
  const reason = 'a later state of the issue is known';
  expect(await events()).toMatchObject([
    { ...nothing, delivery_id: 'a', status: 'applied', reason },
    { ...nothing, delivery_id: 'b', status: 'stale', reason },
    { ...nothing, delivery_id: 'c', status: 'refused', reason: 'the issue was deleted for good' },
    {
      ...nothing,
      delivery_id: 'd',
      status: 'dead',
      reason: 'erased',
      failure: 'Erased',
      record: { key: '1#1', headers: {}, timestamp: Date.parse('2026-03-01T12:00:01Z') },
    },
    { delivery_id: 'z', actor: 'mona' },
  ]);
  expect(await countErasable(queries(), keyOf(1))).toEqual({
    issues: 0,
    corrections: 0,
    events: 0,
    failed: 0,
    deadLetters: 0,
    answers: 0,
    sharedAnswers: 0,
  });
});

test('owes both topics and the dead letter, above what is owed already, and leaves an audit row without text', async () => {
  await storeIssues(scratch.database, [{ number: 1, title: 'Mona was here' }]);
  await storeEvents({ id: 'd', status: 'dead' });
  const far = 9_000_000_000_000_000;
  await sql`insert into outbox values ('issues.dead-letter', 'd', ${far}::bigint)`.execute(queries());
  const { version } = await erase(1);
  const owed = await queries().selectFrom('outbox').selectAll().orderBy('topic').execute();
  expect(owed).toEqual([
    { topic: topics.deadLetter, key: 'd', version: far + 1 },
    { topic: topics.deletions, key: '1#1', version },
    { topic: topics.enriched, key: '1#1', version },
  ]);
  const audit = await queries().selectFrom('audit').select(['actor', 'action', 'details']).execute();
  expect(audit).toMatchObject([
    {
      actor: 'an operator',
      action: 'issue erased',
      details: { key: '1#1', repository: 'acme/app', why: 'asked to' },
    },
  ]);
  expect(JSON.stringify(audit)).not.toContain('Mona');
  expect(await awaitErasurePublished(effects(), keyOf(1), 0)).toBe('owed');
  await sql`delete from outbox where topic <> 'issues.dead-letter'`.execute(queries());
  expect(await awaitErasurePublished(effects(), keyOf(1), 0)).toBe('owed');
  await sql`delete from outbox`.execute(queries());
  expect(await awaitErasurePublished(effects(), keyOf(1), 0)).toBe('published');
});

test('answers to its texts go, also to former ones, but not those that another issue has too', async () => {
  await storeIssues(scratch.database, [{ number: 1 }, { number: 2 }]);
  await sql`update issues set content_hash = 'shared' where number = 2`.execute(queries());
  await storeAnswer('former', 1);
  await storeAnswer('current', 1);
  await storeAnswer('shared', 1, 2);
  await storeAnswer('others', 2);
  const { counts } = await erase(1);
  expect(counts).toMatchObject({ answers: 2, sharedAnswers: 1 });
  expect(await kept('ai_answers')).toEqual(['others', 'shared']);
  expect(await kept('ai_calls')).toEqual(['others', 'shared']);
  // Its other owner's erasure takes it.
  await erase(2);
  expect(await kept('ai_answers')).toEqual([]);
});

test('bars what was never seen, and what GitHub deleted, without the name of who did', async () => {
  await erase(7);
  await sql`
    insert into deletions values (1, 8, 'acme/app', 5, now(), null, 'github-deleted', 'mona', false, null)`.execute(
    queries(),
  );
  await erase(8);
  const ledger = await queries()
    .selectFrom('deletions')
    .select(['number', 'permanent', 'reason', 'deleted_by', 'lifted_at'])
    .orderBy('number')
    .execute();
  const barred = { permanent: true, reason: 'person', deleted_by: 'an operator', lifted_at: null };
  expect(ledger).toEqual([
    { number: 7, ...barred },
    { number: 8, ...barred },
  ]);
});

test('a deletion is no erasure, and one after an erasure takes nothing of it back', async () => {
  await storeIssues(scratch.database, [{ number: 1 }, { number: 2 }]);
  await storeEvents({ id: 'z', number: 2 });
  await erase(1);
  for (const number of [1, 2]) {
    await deleteIssue(effects(), { key: keyOf(number), repository: '', by: 'someone' });
  }
  const ledger = await queries()
    .selectFrom('deletions')
    .select(['number', 'permanent'])
    .orderBy('number')
    .execute();
  expect(ledger).toEqual([
    { number: 1, permanent: true },
    { number: 2, permanent: false },
  ]);
  expect((await events())[0]?.payload).not.toBeNull();
});
