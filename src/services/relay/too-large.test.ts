import { afterAll, beforeAll, expect, test } from 'vitest';
import { EnrichedRecord } from '../../contracts/topics.ts';
import { openScratchDatabase, type ScratchDatabase } from '../../database/scratch-database.fixture.ts';
import { keyOf, storeIssues } from '../../database/stored-issues.fixture.ts';
import { effects } from '../../effects/silent.fixture.ts';
import type { EventLog } from '../../log/event-log.ts';
import { RecordTooLargeError } from '../../log/event-log.ts';
import { deleteIssue } from '../../operations/delete-issue.ts';
import { openRelayStores, withAppend } from './relay.fixture.ts';

let scratch: ScratchDatabase;
beforeAll(async () => {
  scratch = await openScratchDatabase();
}, 60_000);
afterAll(() => scratch[Symbol.asyncDispose]());

/** A log whose topics take at most so many bytes a record. */
const taking = (log: EventLog, bytes: number) =>
  withAppend(log, (records) =>
    records.some(({ value }) => (value?.length ?? 0) > bytes)
      ? Promise.reject(new RecordTooLargeError('too large'))
      : log.append(records),
  );

test('a state that its topic does not take whole is published with its texts cut, under its newest version', async () => {
  await using stores = await openRelayStores(scratch);
  const small = { number: 1, version: 10, title: 'small' };
  await storeIssues(stores.database, [small, { number: 2, version: 11 }, { number: 3, version: 12 }]);
  await stores.start({ log: taking(stores.log, 100_000) });
  await stores.drained();
  await storeIssues(stores.database, [
    { ...small, version: 20, title: '😀'.repeat(100_000) },
    { number: 2, version: 21 },
    { number: 3, version: 22 },
  ]);
  await stores.drained();
  const published = await stores.published();
  const newest = published.filter(({ key }) => key === '1#1').at(-1);
  expect(EnrichedRecord.parse(newest)).toMatchObject({ version: 20, truncated: true, contentHash: 'hash' });
  expect(newest?.issue?.title).toBe('😀'.repeat(500));
  expect(published.map(({ version }) => version).sort()).toEqual([10, 11, 12, 20, 21, 22]);
}, 20_000);

test('one that is too large even so is left out, and holds up nothing', async () => {
  await using stores = await openRelayStores(scratch);
  await storeIssues(stores.database, [
    { number: 1, version: 10, title: 'long '.repeat(400) },
    { number: 2, version: 11 },
  ]);
  await stores.start({ log: taking(stores.log, 1_900) });
  await stores.drained();
  expect((await stores.published()).map(({ version }) => version)).toEqual([11]);
}, 20_000);

test('a deletion that its topic does not take stays owed, and is published once the topic takes it', async () => {
  await using stores = await openRelayStores(scratch);
  const { database, log } = stores;
  const key = keyOf({ number: 1 });
  await storeIssues(database, [{ number: 1, version: 10 }]);
  let takes = 100_000;
  let refused = 0;
  const narrow = withAppend(log, (records) => {
    if (records.every(({ value }) => (value?.length ?? 0) <= takes)) return log.append(records);
    refused += 1;
    return Promise.reject(new RecordTooLargeError('too large'));
  });
  await stores.start({ log: narrow });
  await stores.drained();
  takes = 10;
  await deleteIssue({ database, clock: effects.clock }, { key, repository: 'acme/app', by: 'someone' });
  await expect.poll(() => refused, { timeout: 10_000 }).toBeGreaterThan(5);
  const owed = await database.queries.selectFrom('outbox').select('topic').orderBy('topic').execute();
  expect(owed.map(({ topic }) => topic)).toEqual(['issues.deletions', 'issues.enriched']);
  takes = 100_000;
  await stores.drained();
  expect((await stores.published()).at(-1)).toMatchObject({ type: 'deleted', number: 1 });
}, 40_000);
