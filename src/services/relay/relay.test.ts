import { sql } from 'kysely';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { formatKey } from '../../contracts/issue.ts';
import { DeletionRecord, EnrichedRecord, pairingKey, topics } from '../../contracts/topics.ts';
import type { Database } from '../../database/database.ts';
import { readKnownPlaces, setKnownPlaces } from '../../database/followed-positions.ts';
import { owe } from '../../database/outbox.ts';
import { openScratchDatabase, type ScratchDatabase } from '../../database/scratch-database.fixture.ts';
import { keyOf, storeIssues } from '../../database/stored-issues.fixture.ts';
import { effects } from '../../effects/silent.fixture.ts';
import { deleteIssue } from '../../operations/delete-issue.ts';
import { openRelayStores, withAppend } from './relay.fixture.ts';

let scratch: ScratchDatabase;
beforeAll(async () => {
  scratch = await openScratchDatabase();
}, 60_000);
afterAll(() => scratch[Symbol.asyncDispose]());

test('publishes the complete state of what is owed, as the contract says, and the row is gone', async () => {
  await using stores = await openRelayStores(scratch);
  await stores.start();
  await storeIssues(stores.database, [{ number: 7, title: 'A "quoted" \\ title \u2028', body: null }]);
  await stores.drained();
  const [record] = await stores.published();
  expect(EnrichedRecord.parse(record)).toMatchObject({
    type: 'issue',
    number: 7,
    version: 1_000_000,
    issue: {
      title: 'A "quoted" \\ title \u2028',
      body: null,
      updatedAt: '2026-01-01T00:00:00Z',
      closedAt: null,
    },
    classification: { classifier: 'local@test', degraded: null },
    corrections: {},
  });
});

test('publishes the newest state once, however often it was owed', async () => {
  await using stores = await openRelayStores(scratch);
  await storeIssues(stores.database, [{ number: 1, version: 10, title: 'old' }]);
  await storeIssues(stores.database, [{ number: 1, version: 20, title: 'new' }]);
  await stores.start();
  await stores.drained();
  expect(await stores.published()).toMatchObject([{ version: 20, issue: { title: 'new' } }]);
});

test('sends what has been owed longest first', async () => {
  await using stores = await openRelayStores(scratch);
  const numbers = Array.from({ length: 1_200 }, (_, index) => index + 1);
  await storeIssues(
    stores.database,
    numbers.map((number) => ({ number, version: 5_000 - number })),
  );
  const sent: number[] = [];
  const log = withAppend(stores.log, (records) => {
    sent.push(...records.map((record) => Number(record.headers.version)));
    return stores.log.append(records);
  });
  await stores.start({ log });
  await stores.drained();
  expect(sent).toEqual(numbers.map((number) => 5_000 - number).reverse());
});

test('a row whose issue is neither there nor in the ledger, or whose key is none, is dropped', async () => {
  await using stores = await openRelayStores(scratch);
  await owe(stores.database.queries, [
    { topic: topics.enriched, key: '1#404', version: 3 },
    { topic: topics.enriched, key: "'; drop table issues; --", version: 3 },
  ]);
  await stores.start();
  await stores.drained();
  expect(await stores.published()).toEqual([]);
});

test('a state below the version that was owed gets one above it, and is sent once', async () => {
  await using stores = await openRelayStores(scratch);
  // Issue 1 was truncated and came back by a clock that was set back; of issue 2 only the older ledger row is left.
  await storeIssues(stores.database, [
    { number: 1, version: 10 },
    { number: 2, version: 10 },
  ]);
  await deleteIssue(
    { database: stores.database, clock: { ...effects.clock, now: () => 0 } },
    { key: keyOf({ number: 2 }), repository: 'acme/app', by: 'someone' },
  );
  const ahead = effects.clock.now() * 2_000;
  await sql`update outbox set version = ${ahead}::bigint`.execute(stores.database.queries);
  await stores.start();
  await stores.drained();
  const published = await stores.published();
  expect(published.map(({ key, type }) => [key, type]).sort()).toEqual([
    [formatKey(keyOf({ number: 1 })), 'issue'],
    [formatKey(keyOf({ number: 2 })), 'deleted'],
  ]);
  for (const { version } of published) expect(version).toBeGreaterThan(ahead);
  // The ledger's topic stays a copy of the ledger.
  const deletion = (await stores.published(topics.deletions)).at(-1);
  expect(deletion?.version).toBe(published.find(({ type }) => type === 'deleted')?.version);
});

test('a deletion is published to both topics, with one version', async () => {
  await using stores = await openRelayStores(scratch);
  await storeIssues(stores.database, [{ number: 1 }]);
  await stores.start();
  const deleted = await deleteIssue(
    { database: stores.database, clock: effects.clock },
    { key: keyOf({ number: 1 }), repository: 'acme/app', by: 'someone' },
  );
  await stores.drained();
  const enriched = (await stores.published()).at(-1);
  expect(EnrichedRecord.parse(enriched)).toMatchObject({
    type: 'deleted',
    version: deleted.version,
    repository: 'acme/app',
  });
  const [mirrored] = await stores.published(topics.deletions);
  expect(DeletionRecord.parse(mirrored)).toMatchObject({
    version: deleted.version,
    stateUpdatedAt: '2026-01-01T00:00:00Z',
    reason: 'person',
    deletedBy: 'someone',
    permanent: false,
    liftedAt: null,
  });
});

test('a crash between publishing and marking repeats nothing', async () => {
  await using stores = await openRelayStores(scratch);
  await storeIssues(stores.database, [{ number: 1 }, { number: 2 }, { number: 3 }]);
  let appended = false;
  const crash = new Error('the process died');
  const log = withAppend(stores.log, async (records) => {
    const places = await stores.log.append(records);
    appended = true;
    return places;
  });
  const queries = new Proxy(stores.database.queries, {
    get: (target, name) => {
      // Everything after the append fails: the marking never happens.
      if (appended) throw crash;
      const member: unknown = Reflect.get(target, name, target);
      return typeof member === 'function' ? member.bind(target) : member;
    },
  });
  const database: Database = {
    driver: 'pglite',
    queries,
    transaction: (work) => stores.database.transaction(work),
    listen: (channel, wake) => stores.database.listen(channel, wake),
    close: () => stores.database.close(),
  };
  const first = await stores.start({ database, log });
  await expect.poll(() => appended).toBe(true);
  await first.stop();
  expect(await countOwed(stores.database)).toBe(3);
  await stores.start();
  await stores.drained();
  expect((await stores.published()).map(({ version }) => version).sort()).toEqual([
    1_000_000, 1_000_001, 1_000_002,
  ]);
});

test('an append whose answer was lost is read back, not repeated', async () => {
  await using stores = await openRelayStores(scratch);
  let lost = 0;
  const log = withAppend(stores.log, async (records) => {
    const places = await stores.log.append(records);
    if (lost++ === 0) throw new Error('the connection broke before the answer');
    return places;
  });
  await stores.start({ log });
  await storeIssues(stores.database, [{ number: 1 }, { number: 2 }]);
  await stores.drained();
  expect(await stores.published()).toHaveLength(2);
});

test("somebody else's record is noticed at the next send, and its issue is published above it", async () => {
  await using stores = await openRelayStores(scratch);
  await stores.start();
  await storeIssues(stores.database, [{ number: 1, version: 100 }]);
  await stores.drained();
  const [mine] = await stores.published();
  const foreign = { ...mine, version: 9_007_199_254_740_000, issue: { title: 'forged' } };
  const key = formatKey(keyOf({ number: 1 }));
  await stores.log.append([
    { topic: topics.enriched, key, value: Buffer.from(JSON.stringify(foreign)), headers: {} },
    { topic: topics.enriched, key, value: Buffer.from('not json'), headers: {} },
  ]);
  // The same key, so that it goes behind the foreign records in the same partition.
  await storeIssues(stores.database, [{ number: 1, version: 200 }]);
  await expect
    .poll(async () => (await stores.published()).at(-1)?.version, { timeout: 20_000 })
    .toBe(9_007_199_254_740_001);
  const row = await stores.database.queries.selectFrom('issues').select('version').executeTakeFirstOrThrow();
  expect(row.version).toBe(9_007_199_254_740_001);
}, 20_000);

test('a late send of a frozen relay behind a newer state is put right by the next one', async () => {
  await using stores = await openRelayStores(scratch);
  const first = await stores.start();
  await storeIssues(stores.database, [{ number: 1, version: 100, title: 'old' }]);
  await stores.drained();
  const [old] = await stores.published();
  await storeIssues(stores.database, [{ number: 1, version: 200, title: 'new' }]);
  await stores.drained();
  await first.stop();
  const { topic, key, ...value } = old as NonNullable<typeof old>;
  await stores.log.append([{ topic, key, value: Buffer.from(JSON.stringify(value)), headers: {} }]);
  await stores.start();
  await expect.poll(async () => (await stores.published()).at(-1)?.issue?.title).toBe('new');
});

test('a topic that is not the one that was written is written anew, under another feed id', async () => {
  await using stores = await openRelayStores(scratch);
  const first = await stores.start();
  await storeIssues(stores.database, [{ number: 1 }, { number: 2 }]);
  await stores.drained();
  await first.stop();
  const before = await feedId(stores.database);
  await sql`update positions set topic_id = 'another' where topic = ${topics.enriched}`.execute(
    stores.database.queries,
  );
  await stores.start();
  await expect.poll(async () => (await stores.published()).length).toBe(2);
  await expect.poll(() => feedId(stores.database)).not.toBe(before);
});

test('a database that was put back under a running relay has its older states not sent', async () => {
  await using stores = await openRelayStores(scratch);
  const { database } = stores;
  await stores.start();
  await storeIssues(database, [{ number: 1, version: 100, title: 'first' }]);
  await stores.drained();
  const places = await readKnownPlaces(database.queries);
  await storeIssues(database, [{ number: 1, version: 200, title: 'second' }]);
  await stores.drained();
  // All in one transaction, as a restore is to a relay whose connection does not break: the lease is the very same.
  await database.transaction(async (transaction) => {
    await setKnownPlaces(transaction, places);
    await sql`update issues set title = 'first', version = 100`.execute(transaction);
    await owe(transaction, [{ topic: topics.enriched, key: '1#1', version: 100 }]);
  });
  await stores.drained();
  await expect
    .poll(() => database.queries.selectFrom('issues').select(['title', 'version']).execute())
    .toEqual([{ title: 'second', version: 200 }]);
  expect((await stores.published()).map(({ version }) => version)).toEqual([100, 200]);
}, 20_000);

test('publishes nothing into a log that belongs to another database, until it belongs to this one', async () => {
  await using stores = await openRelayStores(scratch);
  const name = (databaseId: string) => {
    const value = Buffer.from(JSON.stringify({ type: 'pairing', databaseId, group: 'g', pairedAt: 'now' }));
    return stores.log.append([{ topic: topics.deletions, key: pairingKey, value, headers: {} }]);
  };
  await name('another');
  await storeIssues(stores.database, [{ number: 1 }]);
  const relay = await stores.start();
  await expect.poll(() => relay.readiness()).toMatchObject({ ready: false });
  expect(await stores.published()).toEqual([]);
  const { database_id } = await stores.database.queries
    .selectFrom('pairing')
    .select('database_id')
    .executeTakeFirstOrThrow();
  await name(database_id);
  await stores.drained();
  expect(await stores.published()).toHaveLength(1);
  await expect.poll(() => relay.readiness()).toEqual({ ready: true });
}, 20_000);

test('a second relay waits for the lease and goes on when the first one stops', async () => {
  await using stores = await openRelayStores(scratch);
  const first = await stores.start();
  await storeIssues(stores.database, [{ number: 1 }]);
  await stores.drained();
  const second = await stores.start();
  expect(second.readiness()).toEqual({ ready: true });
  await first.stop();
  await storeIssues(stores.database, [{ number: 2 }]);
  await stores.drained();
  expect(await stores.published()).toHaveLength(2);
}, 20_000);

const countOwed = async (database: Database) =>
  Number(
    (
      await database.queries
        .selectFrom('outbox')
        .select((all) => all.fn.countAll().as('count'))
        .executeTakeFirstOrThrow()
    ).count,
  );

const feedId = async (database: Database) =>
  (await database.queries.selectFrom('pairing').select('feed_id').executeTakeFirstOrThrow()).feed_id;
