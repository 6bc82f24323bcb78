import { afterAll, beforeAll, expect, test } from 'vitest';
import { formatKey } from '../../contracts/issue.ts';
import { pairingKey, topics } from '../../contracts/topics.ts';
import { readKnownPlaces, setKnownPlaces } from '../../database/followed-positions.ts';
import { openScratchDatabase, type ScratchDatabase } from '../../database/scratch-database.fixture.ts';
import { keyOf, storeIssues } from '../../database/stored-issues.fixture.ts';
import { effects } from '../../effects/silent.fixture.ts';
import { Wake } from '../wake.ts';
import { UnpairedError } from './await-pairing.ts';
import { publishDeadLetters } from './publish-dead-letters.ts';
import { publishRound } from './publish-round.ts';
import { publishWhileHeld } from './publish-while-held.ts';
import { readForeign, readOwnTopics } from './read-own-topics.ts';
import { grantLease, openRelayStores, withAppend } from './relay.fixture.ts';
import { LeaseLostError, PlacesMovedError, type RelayContext } from './relay-context.ts';

let scratch: ScratchDatabase;
beforeAll(async () => {
  scratch = await openScratchDatabase();
}, 60_000);
afterAll(() => scratch[Symbol.asyncDispose]());

const group = 'dispatchai-classifier';
const untold = { working: () => undefined, waiting: () => undefined };

/** Stores with one relay's lease over them, and nobody at work. */
async function openHeld() {
  const stores = await openRelayStores(scratch);
  const { database, log } = stores;
  const lease = await grantLease(database, 'test');
  const ended = new AbortController();
  const context: RelayContext = {
    database,
    log,
    effects,
    group,
    lease,
    lost: ended.signal,
    isOver: () => ended.signal.aborted,
  };
  return { ...stores, context, ended };
}

const owed = (context: RelayContext) =>
  context.database.queries.selectFrom('outbox').select('key').where('topic', '=', topics.enriched).execute();

test('nothing is sent, and nothing settled, from two thirds of the lease on', async () => {
  await using stores = await openHeld();
  const { context } = stores;
  await storeIssues(context.database, [{ number: 1 }]);
  const knowledge = await readOwnTopics(context);
  const over = { ...context, lost: AbortSignal.abort() };
  await expect(publishRound(over, knowledge, 10)).rejects.toThrow(LeaseLostError);
  expect(await stores.published()).toEqual([]);
  expect(await owed(context)).toHaveLength(1);
  expect(await publishRound(context, knowledge, 10)).toMatchObject({ outcome: 'published', records: 1 });
});

test('nothing is sent once the database says that the lease is another’s, however long its term still runs', async () => {
  await using stores = await openHeld();
  const { context } = stores;
  await storeIssues(context.database, [{ number: 1 }]);
  const knowledge = await readOwnTopics(context);
  const { lease } = context;
  const former = { ...context, lease: { ...lease, token: lease.token - 1 } };
  await expect(publishRound(former, knowledge, 10)).rejects.toThrow(PlacesMovedError);
  expect(await stores.published()).toEqual([]);
  expect(await publishRound(context, knowledge, 10)).toMatchObject({ outcome: 'published', records: 1 });
});

test('a dead letter is not sent from two thirds of the lease on either', async () => {
  await using stores = await openHeld();
  const { context } = stores;
  await context.database.queries
    .insertInto('outbox')
    .values({ topic: topics.deadLetter, key: 'a delivery that is gone', version: 1 })
    .execute();
  const over = { ...context, lost: AbortSignal.abort() };
  await expect(publishDeadLetters(over)).rejects.toThrow(LeaseLostError);
  expect(await publishDeadLetters(context)).toEqual({ outcome: 'published', records: 0 });
});

test('a database that was put back during a send settles nothing of it, and reads the topic again', async () => {
  await using stores = await openHeld();
  const { context } = stores;
  await storeIssues(context.database, [{ number: 1, version: 10 }]);
  const first = await publishRound(context, await readOwnTopics(context), 10);
  if (first.outcome !== 'published') throw new Error('the first state was not published');
  await storeIssues(context.database, [{ number: 1, version: 20 }]);
  const log = withAppend(stores.log, async (records) => {
    const places = await stores.log.append(records);
    const { queries } = context.database;
    await setKnownPlaces(
      queries,
      (await readKnownPlaces(queries)).map((place) => ({ ...place, offset: 0 })),
    );
    return places;
  });
  await expect(publishRound({ ...context, log }, first.knowledge, 10)).rejects.toThrow(LeaseLostError);
  expect(await owed(context)).toHaveLength(1);
  expect((await readKnownPlaces(context.database.queries)).every(({ offset }) => offset === 0)).toBe(true);
});

test('a place before what is known of the topic settles nothing: the log is not the one that was read', async () => {
  await using stores = await openHeld();
  const { context } = stores;
  await storeIssues(context.database, [{ number: 1 }]);
  const knowledge = await readOwnTopics(context);
  const log = withAppend(stores.log, async (records) => {
    const places = await stores.log.append(records);
    return places.map((place) => ({ ...place, offset: place.offset - 1 }));
  });
  expect(await publishRound({ ...context, log }, knowledge, 10)).toMatchObject({ outcome: 'uncertain' });
  expect(await owed(context)).toHaveLength(1);
});

test("somebody else's record is noticed within a minute also while nothing is sent", async () => {
  await using stores = await openHeld();
  const { context, ended } = stores;
  let passedMs = 0;
  const clock = { ...effects.clock, monotonic: () => effects.clock.monotonic() + passedMs };
  const wake = new Wake();
  const working = publishWhileHeld({ ...context, effects: { ...effects, clock } }, wake, untold);
  await storeIssues(context.database, [{ number: 1, version: 100 }]);
  wake.call();
  await stores.drained();
  const [mine] = await stores.published();
  const value = Buffer.from(JSON.stringify({ ...mine, version: 200, issue: { title: 'forged' } }));
  const key = formatKey(keyOf({ number: 1 }));
  await stores.log.append([{ topic: topics.enriched, key, value, headers: {} }]);
  passedMs = 60_000;
  await expect
    .poll(async () => {
      wake.call();
      return (await stores.published()).at(-1)?.issue?.title;
    })
    .toBe('Issue 1');
  ended.abort();
  await working;
});

test('a pairing of another database among records of somebody else ends the work before they are noted', async () => {
  await using stores = await openHeld();
  const { context } = stores;
  const knowledge = await readOwnTopics(context);
  const value = Buffer.from(
    JSON.stringify({ type: 'pairing', databaseId: 'another', group, pairedAt: 'now' }),
  );
  const [place] = await stores.log.append([{ topic: topics.deletions, key: pairingKey, value, headers: {} }]);
  if (!place) throw new Error('nothing was appended');
  const { topic, partition, offset } = place;
  const gap = { topic, partition, from: offset, to: offset + 1 };
  const after = {
    ...knowledge,
    ends: new Map([[`${topic}/${partition}`, { ...place, offset: offset + 1 }]]),
  };
  const before = await readKnownPlaces(context.database.queries);
  await expect(readForeign(context, [gap], after)).rejects.toThrow(UnpairedError);
  expect(await readKnownPlaces(context.database.queries)).toEqual(before);
});
