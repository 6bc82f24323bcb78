import { sql } from 'kysely';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { topics } from '../../contracts/topics.ts';
import { readKnownPlaces, setKnownPlaces } from '../../database/followed-positions.ts';
import { compressPayload } from '../../database/payload-bytes.ts';
import { openScratchDatabase, type ScratchDatabase } from '../../database/scratch-database.fixture.ts';
import { keyOf, storeIssues } from '../../database/stored-issues.fixture.ts';
import { effects } from '../../effects/silent.fixture.ts';
import { deleteIssue } from '../delete-issue.ts';
import { eraseIssue } from '../erase-issue.ts';
import {
  emptyDatabase,
  keepCopy,
  openScratchLog,
  publishOwed,
  putBack,
  readFeedId,
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

const feedId = () => readFeedId(scratch.database);

test('a state that was taken over is marked: of its second the events that made it are not all here', async () => {
  await using log = await openScratchLog();
  const { database } = scratch;
  await storeIssues(database, [{ number: 1 }]);
  await publishOwed(database, log);
  await emptyDatabase(database);
  await followOwnTopics({ database, log, effects });
  const issue = await database.queries.selectFrom('issues').select('guards').executeTakeFirstOrThrow();
  expect(issue.guards).toMatchObject({ takenOver: true });
});

test('an erasure that the log knows takes the texts of a database that was put back to before it', async () => {
  await using log = await openScratchLog();
  const { database } = scratch;
  await storeIssues(database, [{ number: 1 }]);
  const payload = await compressPayload(Buffer.from('{"title": "Mona was here"}'));
  await sql`
    insert into events (delivery_id, repository_id, number, event, action, updated_at, rank, received_at, status, actor,
                        origin, correlation_id, topic, partition, log_offset, record_key, payload)
    values ('d', 1, 1, 'issues', 'opened', now(), 1, now(), 'applied', 'mona', 'github', 'c', 'issues.raw', 0, 0, '1#1',
            decode(${payload.toString('base64')}, 'base64'))`.execute(database.queries);
  await keepCopy(database);
  await eraseIssue(
    { database, clock },
    { key: keyOf({ number: 1 }), repository: 'acme/app', by: 'someone', why: 'asked to' },
  );
  await publishOwed(database, log);
  await putBack(database);
  await followOwnTopics({ database, log, effects });
  const events = database.queries.selectFrom('events').select(['delivery_id', 'payload', 'actor']);
  expect(await events.execute()).toEqual([{ delivery_id: 'd', payload: null, actor: null }]);
  expect(await database.queries.selectFrom('issues').selectAll().execute()).toEqual([]);
});

test('a database that was put back and knows again what it had gives the feed a new id, one that had it all does not', async () => {
  await using log = await openScratchLog();
  const { database } = scratch;
  await storeIssues(database, [{ number: 1, version: 10 }]);
  await publishOwed(database, log);
  await followOwnTopics({ database, log, effects });
  const known = await feedId();
  await followOwnTopics({ database, log, effects });
  expect(await feedId()).toEqual(known);
  for (const change of [
    () => storeIssues(database, [{ number: 1, version: 20 }]),
    () =>
      deleteIssue({ database, clock }, { key: keyOf({ number: 1 }), repository: 'acme/app', by: 'someone' }),
  ]) {
    await keepCopy(database);
    await change();
    await publishOwed(database, log);
    await putBack(database);
    const before = await feedId();
    await followOwnTopics({ database, log, effects });
    expect(await feedId()).not.toEqual(before);
  }
});

test('a topic that ends before what is known of it is read anew, under another feed id', async () => {
  await using log = await openScratchLog();
  const { database } = scratch;
  await followOwnTopics({ database, log, effects });
  const before = await feedId();
  await sql`update positions set next_offset = 1000 where topic = ${topics.enriched} and partition = 1`.execute(
    database.queries,
  );
  await followOwnTopics({ database, log, effects });
  const places = await readKnownPlaces(database.queries);
  expect(places.map(({ offset }) => offset)).not.toContain(1_000);
  expect(await feedId()).not.toEqual(before);
});

test('what was read of a topic that has another id by now is not taken in', async () => {
  const { database } = scratch;
  const place = { topic: topics.enriched, partition: 0, topicId: 'former', offset: 0 } as const;
  await setKnownPlaces(database.queries, [{ ...place, topicId: 'present' }]);
  expect(await takeInFollowed(database, clock.now(), place, 5, [])).toBe('elsewhere');
  expect(await readKnownPlaces(database.queries)).toEqual([{ ...place, topicId: 'present' }]);
});
