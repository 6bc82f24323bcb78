import { afterAll, beforeAll, expect, test } from 'vitest';
import { topics } from '../../contracts/topics.ts';
import { releaseLease } from '../../database/leases.ts';
import { openScratchDatabase, type ScratchDatabase } from '../../database/scratch-database.fixture.ts';
import { storeIssues } from '../../database/stored-issues.fixture.ts';
import { ownTopics } from '../../domain/followed-record.ts';
import { effects } from '../../effects/silent.fixture.ts';
import { deleteIssue } from '../../operations/delete-issue.ts';
import { oweAgain } from './owe-again.ts';
import { grantLease, openRelayStores } from './relay.fixture.ts';
import { LeaseLostError } from './relay-context.ts';

let scratch: ScratchDatabase;
beforeAll(async () => {
  scratch = await openScratchDatabase();
}, 60_000);
afterAll(() => scratch[Symbol.asyncDispose]());

test('a deletion of which records came late on both topics goes above them on both', async () => {
  await using stores = await openRelayStores(scratch);
  const { database, log } = stores;
  const key = { repositoryId: 1, number: 7 };
  await deleteIssue({ database, clock: effects.clock }, { key, repository: 'acme/app', by: 'someone' });
  const lease = await grantLease(database, 'both topics');
  const { signal: lost } = new AbortController();
  const highest = 9_000_000_000_000_000;
  await oweAgain(
    { database, log, effects, group: 'test', lease, lost, isOver: () => lost.aborted },
    ownTopics.map((topic) => ({ topic, key: '1#7', last: highest, highest })),
  );
  const owed = await database.queries.selectFrom('outbox').selectAll().orderBy('topic').execute();
  expect(owed).toEqual(ownTopics.map((topic) => ({ topic, key: '1#7', version: highest + 1 })));
  await releaseLease(database, lease);
});

test('a relay whose lease is another’s by now draws no version', async () => {
  await using stores = await openRelayStores(scratch);
  const { database, log } = stores;
  await storeIssues(database, [{ number: 1, version: 10 }]);
  const grant = (holder: string) => grantLease(database, holder);
  const seen = [{ topic: topics.enriched, key: '1#1', last: 0, highest: 10 }];
  const versionAfter = async (lease: Awaited<ReturnType<typeof grant>>) => {
    const { signal: lost } = new AbortController();
    await oweAgain({ database, log, effects, group: 'test', lease, lost, isOver: () => lost.aborted }, seen);
    return (await database.queries.selectFrom('issues').select('version').executeTakeFirstOrThrow()).version;
  };
  const former = await grant('former');
  await releaseLease(database, former);
  const present = await grant('present');
  await expect(versionAfter(former)).rejects.toThrow(LeaseLostError);
  const { version } = await database.queries.selectFrom('issues').select('version').executeTakeFirstOrThrow();
  expect(version).toBe(10);
  expect(await versionAfter(present)).toBeGreaterThan(10);
});
