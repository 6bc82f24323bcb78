import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { pairingKey, topics } from '../../contracts/topics.ts';
import { openScratchDatabase, type ScratchDatabase } from '../../database/scratch-database.fixture.ts';
import { keyOf, storeIssues } from '../../database/stored-issues.fixture.ts';
import { effects } from '../../effects/silent.fixture.ts';
import type { EventLog } from '../../log/event-log.ts';
import { deleteIssue } from '../delete-issue.ts';
import {
  emptyDatabase,
  group,
  openScratchLog,
  publishOwed,
  readFeedId,
  readTopic,
} from '../own-topics.fixture.ts';
import { beginChoice } from './begin-choice.ts';
import { settlePairing } from './settle-pairing.ts';

let scratch: ScratchDatabase;
beforeAll(async () => {
  scratch = await openScratchDatabase();
}, 60_000);
afterAll(() => scratch[Symbol.asyncDispose]());
beforeEach(() => emptyDatabase(scratch.database));

const feedId = () => readFeedId(scratch.database);

test.each(['rebuild', 'adopt'] as const)(
  'owes the log what the database has, and no reader resumes by the places of another log: %s',
  async (choice) => {
    await using former = await openScratchLog();
    await using log = await openScratchLog();
    const { database } = scratch;
    await storeIssues(database, [{ number: 1 }]);
    await deleteIssue(
      { database, clock: effects.clock },
      { key: keyOf({ number: 2 }), repository: 'acme/app', by: 'someone' },
    );
    await publishOwed(database, former);
    const before = await feedId();
    const made = { choice, reason: 'a test', by: 'a test', lastChoice: 0, hadHistory: false };
    await beginChoice({ database, log, group }, made);
    const owed = await database.queries
      .selectFrom('outbox')
      .select(['topic', 'key'])
      .orderBy('topic')
      .orderBy('key')
      .execute();
    expect(owed).toEqual([
      { topic: topics.deletions, key: '1#2' },
      { topic: topics.enriched, key: '1#1' },
      { topic: topics.enriched, key: '1#2' },
    ]);
    expect(await feedId()).not.toEqual(before);
  },
);

test('the log is told whom it belongs to only when its own topics have been read', async () => {
  await using log = await openScratchLog();
  const { database } = scratch;
  await log.append([{ topic: topics.enriched, key: '1#1', value: null, headers: {} }]);
  let dies = true;
  const dying: EventLog = new Proxy(log, {
    get: (target, name) => {
      if (name === 'read') {
        return (range: Parameters<EventLog['read']>[0]) => {
          if (dies && range.topic === topics.enriched) throw new Error('the process died');
          return log.read(range);
        };
      }
      const member: unknown = Reflect.get(target, name, target);
      return typeof member === 'function' ? member.bind(target) : member;
    },
  });
  const settle = () =>
    settlePairing({
      ...{ database, log: dying, group, effects },
      choose: () => Promise.reject(new Error('nobody is asked')),
    });
  const pairings = async () =>
    (await readTopic(log, topics.deletions)).filter(({ key }) => key === pairingKey).length;
  await expect(settle()).rejects.toThrow('the process died');
  expect(await pairings()).toBe(0);
  dies = false;
  expect(await settle()).toMatchObject({ kind: 'paired' });
  expect(await pairings()).toBe(1);
});
