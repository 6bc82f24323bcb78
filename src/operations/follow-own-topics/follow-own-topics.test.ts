import { sql } from 'kysely';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { pairingKey, topics } from '../../contracts/topics.ts';
import { setKnownPlaces } from '../../database/followed-positions.ts';
import { openScratchDatabase, type ScratchDatabase } from '../../database/scratch-database.fixture.ts';
import { keyOf, storeIssues } from '../../database/stored-issues.fixture.ts';
import { refusedByModel } from '../../domain/degraded.ts';
import { effects } from '../../effects/silent.fixture.ts';
import type { EventLog, LogRecord } from '../../log/event-log.ts';
import { correctClassification } from '../correct-classification.ts';
import { deleteIssue } from '../delete-issue.ts';
import {
  emptyDatabase,
  keepCopy,
  openScratchLog,
  publishOwed,
  putBack,
  readKept,
  readOwed,
} from '../own-topics.fixture.ts';
import { followOwnTopics } from './follow-own-topics.ts';
import { takeInFollowed } from './take-in-followed.ts';

const { clock } = effects;
let scratch: ScratchDatabase;
beforeAll(async () => {
  scratch = await openScratchDatabase();
}, 60_000);
afterAll(() => scratch[Symbol.asyncDispose]());
beforeEach(() => emptyDatabase(scratch.database));

const follow = (log: EventLog) => followOwnTopics({ database: scratch.database, log, effects });
const remove = (number: number) =>
  deleteIssue(
    { database: scratch.database, clock },
    { key: keyOf({ number }), repository: 'acme/app', by: 'me' },
  );
async function correct(number: number, category: 'question' | 'feature') {
  const { version } = await scratch.database.queries
    .selectFrom('issues')
    .select('version')
    .where('number', '=', number)
    .executeTakeFirstOrThrow();
  const asked = { key: keyOf({ number }), version, set: { category, component: null }, undo: [], by: 'me' };
  await correctClassification({ database: scratch.database, clock }, asked);
}
const owed = () => readOwed(scratch.database);

describe('a database that was lost', () => {
  test('is again what it was in issues, answers, corrections and ledger', async () => {
    await using log = await openScratchLog();
    const { database } = scratch;
    await storeIssues(database, [{ number: 1 }, { number: 2, body: null }, { number: 3 }, { number: 4 }]);
    await correct(2, 'question');
    await remove(3);
    await remove(99);
    await publishOwed(database, log);
    const before = await readKept(database);
    await emptyDatabase(database);
    expect(await follow(log)).toMatchObject({ issues: 3, deletions: 2 });
    expect(await readKept(database)).toEqual(before);
    expect(await owed()).toEqual([]);
    expect(await follow(log)).toMatchObject({ issues: 0, deletions: 0 });
  });

  test('has the paid answers of its issues in the cache, and tasks for those that wait', async () => {
    await using log = await openScratchLog();
    const { database } = scratch;
    await storeIssues(database, [{ number: 1 }, { number: 2 }, { number: 3 }]);
    await sql`update classifications set source = 'model', cache_key = 'paid' where number = 1`.execute(
      database.queries,
    );
    await sql`update classifications set degraded = 'circuit open' where number = 2`.execute(
      database.queries,
    );
    await sql`update classifications set degraded = ${refusedByModel} where number = 3`.execute(
      database.queries,
    );
    await publishOwed(database, log);
    await emptyDatabase(database);
    await follow(log);
    const cached = await database.queries
      .selectFrom('ai_answers')
      .select(['cache_key', 'content_hash'])
      .execute();
    expect(cached).toEqual([{ cache_key: 'paid', content_hash: 'hash' }]);
    const tasks = await database.queries.selectFrom('ai_tasks').select(['number', 'content_hash']).execute();
    expect(tasks).toEqual([{ number: 2, content_hash: 'hash' }]);
  });

  test('takes in the newest of a key once, however many records it has', async () => {
    await using log = await openScratchLog();
    const { database } = scratch;
    for (const title of ['one', 'two', 'three']) {
      await storeIssues(database, [{ number: 1, title, version: Date.now() * 1_000 + title.length }]);
      await publishOwed(database, log);
    }
    await emptyDatabase(database);
    await follow(log);
    expect((await readKept(database)).issues).toMatchObject([{ title: 'three' }]);
  });
});

describe('a database that was put back', () => {
  test('has paid answers in the cache also of states that it has gone beyond meanwhile', async () => {
    await using log = await openScratchLog();
    const { database } = scratch;
    for (const cacheKey of ['one', 'other']) {
      await storeIssues(database, [{ number: 1, version: Date.now() * 1_000 + cacheKey.length }]);
      await sql`update classifications set source = 'model', cache_key = ${cacheKey}`.execute(
        database.queries,
      );
      await publishOwed(database, log);
    }
    await sql`update issues set version = version + 1`.execute(database.queries);
    await sql`update classifications set source = 'local', cache_key = 'local'`.execute(database.queries);
    expect(await follow(log)).toMatchObject({ issues: 0 });
    const cached = database.queries.selectFrom('ai_answers').select('cache_key').orderBy('cache_key');
    expect(await cached.execute()).toEqual([{ cache_key: 'one' }, { cache_key: 'other' }]);
  });

  test('knows again an issue that was made again after its deletion, whatever events it has of before', async () => {
    await using log = await openScratchLog();
    const { database } = scratch;
    await storeIssues(database, [{ number: 1, updatedAt: '2026-02-03T04:05:06Z' }]);
    await sql`
      insert into events (delivery_id, repository_id, number, event, action, updated_at, rank, received_at, status,
                          origin, correlation_id, topic, partition, log_offset, record_key)
      values ('before', 1, 1, 'issues', 'opened', '2026-02-03T04:05:06Z', 1, now(), 'applied', 'github', 'c',
              'issues.raw', 0, 0, '1#1')`.execute(database.queries);
    await remove(1);
    await publishOwed(database, log);
    await follow(log);
    await keepCopy(database);
    await storeIssues(database, [{ number: 1, updatedAt: '2099-02-03T04:05:06Z', version: 9e15 }]);
    await publishOwed(database, log);
    const lost = await readKept(database);
    await putBack(database);
    await follow(log);
    expect(await readKept(database)).toEqual(lost);
  });

  test('heals: changed, corrected, new and deleted issues', async () => {
    await using log = await openScratchLog();
    const { database } = scratch;
    await storeIssues(database, [{ number: 1 }, { number: 2 }, { number: 3 }]);
    await correct(2, 'question');
    await publishOwed(database, log);
    await follow(log);
    await keepCopy(database);
    await storeIssues(database, [{ number: 1, title: 'Edited', version: Date.now() * 1_000 }, { number: 4 }]);
    await correct(2, 'feature');
    await remove(3);
    await publishOwed(database, log);
    const lost = await readKept(database);
    await putBack(database);
    await follow(log);
    expect(await readKept(database)).toEqual(lost);
  });

  test('does not publish again what the topic has', async () => {
    await using log = await openScratchLog();
    const { database } = scratch;
    await storeIssues(database, [{ number: 1 }]);
    await remove(2);
    await keepCopy(database);
    await publishOwed(database, log);
    await putBack(database);
    expect(await owed()).toHaveLength(3);
    await follow(log);
    expect(await owed()).toEqual([]);
  });
});

test('an issue with events but no row stays missing', async () => {
  await using log = await openScratchLog();
  const { database } = scratch;
  await storeIssues(database, [{ number: 1 }, { number: 2 }]);
  await publishOwed(database, log);
  await sql`
    insert into events (delivery_id, repository_id, number, event, action, rank, received_at, status, origin,
                        correlation_id, topic, partition, log_offset, record_key)
    values ('d', 1, 1, 'issues', 'opened', 1, now(), 'applied', 'github', 'c', 'issues.raw', 0, 0, '1#1')`.execute(
    database.queries,
  );
  await sql`truncate issues, classifications`.execute(database.queries);
  await follow(log);
  expect((await readKept(database)).issues.map(({ number }) => number)).toEqual([2]);
});

test('two that follow at once take everything in once', async () => {
  await using log = await openScratchLog();
  const { database } = scratch;
  await storeIssues(
    database,
    Array.from({ length: 1_200 }, (_, index) => ({ number: index + 1 })),
  );
  await publishOwed(database, log);
  await emptyDatabase(database);
  const outcomes = await Promise.all([follow(log), follow(log)]);
  const issues = outcomes.map((outcome) => (outcome.kind === 'followed' ? outcome.issues : 0));
  expect(issues.reduce((a, b) => a + b)).toBe(1_200);
  expect((await readKept(database)).issues).toHaveLength(1_200);
}, 30_000);

test('what is none of ours is passed over, the pairing among it', async () => {
  await using log = await openScratchLog();
  const value = (text: string) => Buffer.from(text);
  const foreign = [
    { topic: topics.deletions, key: pairingKey, value: value('{"type":"pairing"}'), headers: {} },
    { topic: topics.enriched, key: "'; drop table issues", value: value('{}'), headers: {} },
    { topic: topics.enriched, key: '1#1', value: value('no json'), headers: {} },
    { topic: topics.enriched, key: '1#2', value: null, headers: {} },
    { topic: topics.enriched, key: '1#3', value: value('{"type":"deleted","repositoryId":1}'), headers: {} },
    {
      topic: topics.enriched,
      key: '1#4',
      value: value('{"type":"deleted","repositoryId":1,"number":5,"repository":"a/b","version":3}'),
      headers: {},
    },
  ];
  await log.append(foreign);
  expect(await follow(log)).toMatchObject({ issues: 0, deletions: 0 });
  expect(await owed()).toEqual([]);
});

test('a batch that was read from where the database no longer stands is not taken in', async () => {
  await using log = await openScratchLog();
  const { database } = scratch;
  await storeIssues(database, [{ number: 1 }]);
  await publishOwed(database, log);
  await emptyDatabase(database);
  const { topicIds } = await log.identity();
  const place = { topic: topics.enriched, partition: 0, topicId: topicIds[topics.enriched], offset: 0 };
  await setKnownPlaces(database.queries, [{ ...place, offset: 7 }]);
  const records: LogRecord[] = [];
  for (const { topic, partition, start } of await log.ranges(topics.enriched)) {
    for await (const batch of log.read({ topic, partition, from: start })) records.push(...batch);
  }
  expect(await takeInFollowed(database, clock.now(), place, 1, records)).toBe('elsewhere');
  expect((await readKept(database)).issues).toEqual([]);
});

test('a stop is between two batches, and what was read stays', async () => {
  await using log = await openScratchLog();
  const { database } = scratch;
  await storeIssues(database, [{ number: 1 }]);
  await publishOwed(database, log);
  await emptyDatabase(database);
  const signal = AbortSignal.abort();
  expect(await followOwnTopics({ database, log, effects, signal })).toEqual({ kind: 'stopped' });
  expect(await follow(log)).toMatchObject({ kind: 'followed', issues: 1 });
});
