import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { sql } from 'kysely';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type DeletionRecord, topics } from '../contracts/topics.ts';
import { openScratchDatabase, type ScratchDatabase } from '../database/scratch-database.fixture.ts';
import { storeIssues } from '../database/stored-issues.fixture.ts';
import { effects } from '../effects/silent.fixture.ts';
import { openEmbeddedLog } from '../log/embedded/embedded-log.ts';
import type { EventLog } from '../log/event-log.ts';
import { obeySharedLedger } from './obey-shared-ledger.ts';

let scratch: ScratchDatabase;
let sharedLog: EventLog;
let directory: string;
beforeAll(async () => {
  scratch = await openScratchDatabase();
  directory = await mkdtemp(join(tmpdir(), 'shared-ledger-'));
  sharedLog = await openEmbeddedLog({
    ...effects,
    file: join(directory, 'log.sqlite'),
    profile: 'development',
  });
});
afterAll(async () => {
  await sharedLog.close();
  await scratch[Symbol.asyncDispose]();
  await rm(directory, { recursive: true });
});

const deletion = (number: number, more: Partial<DeletionRecord> = {}) => {
  const record: DeletionRecord = {
    type: 'deletion',
    repositoryId: 1,
    number,
    repository: 'acme/app',
    version: 7,
    deletedAt: '2026-02-01T00:00:00.000Z',
    stateUpdatedAt: null,
    reason: 'person',
    deletedBy: 'mona',
    permanent: true,
    liftedAt: null,
    ...more,
  };
  return {
    topic: topics.deletions,
    key: `1#${number}`,
    value: Buffer.from(JSON.stringify(record)),
    headers: {},
  };
};

const obey = () => obeySharedLedger({ database: scratch.database, sharedLog, ...effects });
const issues = async () =>
  (await scratch.database.queries.selectFrom('issues').select('number').orderBy('number').execute()).map(
    ({ number }) => number,
  );
const ledger = () =>
  scratch.database.queries
    .selectFrom('deletions')
    .select(['number', 'permanent', 'deleted_by', 'version'])
    .orderBy('number')
    .execute();

it('takes permanent rows of the shared ledger into its own, above the versions that its readers have seen', async () => {
  await storeIssues(scratch.database, [{ number: 1, version: 5_000 }, { number: 2 }, { number: 3 }]);
  await sharedLog.append([
    deletion(1),
    deletion(2, { permanent: false }),
    deletion(3, { liftedAt: '2026-02-02T00:00:00.000Z' }),
    deletion(9),
  ]);
  await sql`
    insert into events (delivery_id, repository_id, number, event, action, rank, received_at, status, actor, origin,
      correlation_id, topic, partition, log_offset, record_key, payload)
    select 'of ' || number, 1, number, 'issues', 'opened', 1, now(), 'applied', 'mona', 'github', '', 'issues.raw', 0, number,
           '', '\\x00' from generate_series(1, 2) number`.execute(scratch.database.queries);
  await obey();
  expect(await issues()).toEqual([2, 3]);
  const texts = await scratch.database.queries
    .selectFrom('events')
    .select(['actor', sql<boolean>`payload is not null`.as('hasPayload')])
    .orderBy('number')
    .execute();
  expect(texts).toEqual([
    { actor: null, hasPayload: false },
    { actor: 'mona', hasPayload: true },
  ]);
  const rows = await ledger();
  expect(rows).toMatchObject([
    { number: 1, permanent: true, deleted_by: 'mona' },
    { number: 9, permanent: true },
  ]);
  expect(rows[0]?.version).toBeGreaterThan(5_000);
  const owed = await scratch.database.queries.selectFrom('outbox').select(['topic', 'key']).execute();
  expect(owed).toEqual(
    expect.arrayContaining(
      ['1#1', '1#9'].flatMap((key) => [topics.enriched, topics.deletions].map((topic) => ({ topic, key }))),
    ),
  );
});

it('reads on from where it was', async () => {
  const before = await ledger();
  await storeIssues(scratch.database, [{ number: 9, version: 8_000 }]);
  await obey();
  expect([await ledger(), await issues()]).toEqual([before, [2, 3, 9]]);
  await sharedLog.append([deletion(2)]);
  await obey();
  expect(await issues()).toEqual([3, 9]);
});
