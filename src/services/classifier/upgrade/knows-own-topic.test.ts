import { sql } from 'kysely';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { setKnownPlaces } from '../../../database/followed-positions.ts';
import { openScratchDatabase, type ScratchDatabase } from '../../../database/scratch-database.fixture.ts';
import { storeIssues } from '../../../database/stored-issues.fixture.ts';
import { effects } from '../../../effects/silent.fixture.ts';
import type { EventLog } from '../../../log/event-log.ts';
import { followOwnTopics } from '../../../operations/follow-own-topics/follow-own-topics.ts';
import { emptyDatabase, group, openScratchLog, publishOwed } from '../../../operations/own-topics.fixture.ts';
import { settlePairing } from '../../../operations/pair-log/settle-pairing.ts';
import { knowsOwnTopic } from './knows-own-topic.ts';

let scratch: ScratchDatabase;
beforeAll(async () => {
  scratch = await openScratchDatabase();
}, 60_000);
afterAll(() => scratch[Symbol.asyncDispose]());
beforeEach(() => emptyDatabase(scratch.database));

/** A clock on which waiting takes no time; `slept` happens each time. */
function quickClock(slept: () => Promise<unknown> = async () => undefined) {
  let ms = 0;
  const sleep = async (by: number) => {
    ms += by;
    await slept();
  };
  return { clock: { now: effects.clock.now, monotonic: () => ms, sleep }, waited: () => ms };
}

const context = (log: EventLog, clock = quickClock().clock) => ({
  ...{ database: scratch.database, log, group },
  effects: { ...effects, clock },
  signal: new AbortController().signal,
});

const settle = (log: EventLog) =>
  settlePairing({ ...context(log), effects, choose: async () => ({ choice: 'halt', by: 'the test' }) });
const countIssues = async () =>
  (await scratch.database.queries.selectFrom('issues').select('number').execute()).length;

describe('a database knows its own topic', () => {
  it('when its places are at the ends', async () => {
    await using log = await openScratchLog();
    const { clock, waited } = quickClock();
    expect(await knowsOwnTopic(context(log, clock))).toBe(true);
    await storeIssues(scratch.database, [{ number: 1 }]);
    await publishOwed(scratch.database, log);
    await followOwnTopics(context(log));
    expect(await knowsOwnTopic(context(log, clock))).toBe(true);
    expect(waited()).toBe(0);
  });

  it('as soon as the relay has noted what it has just sent', async () => {
    await using log = await openScratchLog();
    await followOwnTopics(context(log));
    await storeIssues(scratch.database, [{ number: 1 }]);
    await publishOwed(scratch.database, log);
    const { topicIds } = await log.identity();
    const note = async () => {
      const ranges = await log.ranges('issues.enriched');
      await setKnownPlaces(
        scratch.database.queries,
        ranges.map(({ topic, partition, end }) => ({
          topic,
          partition,
          topicId: topicIds[topic],
          offset: end,
        })),
      );
    };
    const { clock, waited } = quickClock(note);
    expect(await knowsOwnTopic(context(log, clock))).toBe(true);
    expect(waited()).toBe(50);
  });

  it('not when it is an older one, and then it reads the topic, and what was claimed is looked at again', async () => {
    await using log = await openScratchLog();
    await settle(log);
    await storeIssues(scratch.database, [{ number: 1 }]);
    await publishOwed(scratch.database, log);
    await sql`delete from issues`.execute(scratch.database.queries);
    expect(await knowsOwnTopic(context(log))).toBe(false);
    expect(await countIssues()).toBe(1);
    expect(await knowsOwnTopic(context(log))).toBe(true);
  });

  it('not when the log may be of another database, and then nothing is taken from it', async () => {
    await using log = await openScratchLog();
    await settle(log);
    await storeIssues(scratch.database, [{ number: 1 }]);
    await publishOwed(scratch.database, log);
    await emptyDatabase(scratch.database);
    expect(await knowsOwnTopic(context(log))).toBe(false);
    expect(await countIssues()).toBe(0);
  });
});
