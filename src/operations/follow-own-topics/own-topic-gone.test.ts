import { sql } from 'kysely';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { topics } from '../../contracts/topics.ts';
import { setKnownPlaces } from '../../database/followed-positions.ts';
import { openScratchDatabase, type ScratchDatabase } from '../../database/scratch-database.fixture.ts';
import { keyOf, storeIssues } from '../../database/stored-issues.fixture.ts';
import { effects } from '../../effects/silent.fixture.ts';
import type { EventLog } from '../../log/event-log.ts';
import { deleteIssue } from '../delete-issue.ts';
import {
  emptyDatabase,
  openScratchLog,
  publishOwed,
  readFeedId,
  readOwed,
  readTopic,
} from '../own-topics.fixture.ts';
import { followOwnTopics } from './follow-own-topics.ts';
import { writeTopicAnew } from './write-topic-anew.ts';

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
const owed = () => readOwed(scratch.database);

test('an own topic that ends before what was written, or is another one, is written anew', async () => {
  await using log = await openScratchLog();
  const { database } = scratch;
  await storeIssues(database, [{ number: 1 }]);
  await remove(2);
  await publishOwed(database, log);
  await follow(log);
  const feedId = () => readFeedId(database);
  const before = await feedId();
  await sql`update positions set next_offset = 1000 where topic = 'issues.deletions' and partition = 1`.execute(
    database.queries,
  );
  await follow(log);
  // The records are there after all, and what was owed is found again.
  expect(await owed()).toEqual([]);
  expect(await feedId()).toEqual(before);
  await using other = await openScratchLog();
  await follow(other);
  expect(await owed()).toMatchObject([
    { topic: topics.deletions, key: '1#2' },
    { topic: topics.enriched, key: '1#1' },
    { topic: topics.enriched, key: '1#2' },
  ]);
  expect(await feedId()).not.toEqual(before);
  expect(await readTopic(other, topics.enriched)).toEqual([]);
});

test('without places nobody knows which topic was written: another one is written anew, ours is not', async () => {
  await using log = await openScratchLog();
  const { database } = scratch;
  await storeIssues(database, [{ number: 1 }]);
  await remove(2);
  await publishOwed(database, log);
  await follow(log);
  await sql`delete from positions`.execute(database.queries);
  await follow(log);
  expect(await owed()).toEqual([]);
  await sql`delete from positions`.execute(database.queries);
  await using other = await openScratchLog();
  await follow(other);
  expect(await owed()).toMatchObject([
    { topic: topics.deletions, key: '1#2' },
    { topic: topics.enriched, key: '1#1' },
    { topic: topics.enriched, key: '1#2' },
  ]);
});

test('of two that see an own topic gone, one writes it anew', async () => {
  const { database } = scratch;
  await storeIssues(database, [{ number: 1 }]);
  await sql`delete from outbox`.execute(database.queries);
  const place = { topic: topics.enriched, partition: 0, offset: 0 };
  const before = [{ ...place, topicId: 'before' }];
  const after = [{ ...place, topicId: 'after' }];
  await setKnownPlaces(database.queries, before);
  expect(await writeTopicAnew(database, topics.enriched, before, after)).toBe(1);
  await sql`delete from outbox`.execute(database.queries);
  expect(await writeTopicAnew(database, topics.enriched, before, after)).toBe('elsewhere');
  expect(await owed()).toEqual([]);
});

test('an own topic of another id is written anew, however much it holds', async () => {
  await using log = await openScratchLog();
  await using other = await openScratchLog();
  const { database } = scratch;
  await storeIssues(database, [{ number: 1 }]);
  await publishOwed(database, log);
  await follow(log);
  const strange = Array.from({ length: 30 }, (_, index) => `no issue ${index}`);
  await other.append(strange.map((key) => ({ topic: topics.enriched, key, value: null, headers: {} })));
  await follow(other);
  expect(await owed()).toMatchObject([{ topic: topics.enriched, key: '1#1' }]);
});
