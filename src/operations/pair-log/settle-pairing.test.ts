import { sql } from 'kysely';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { pairingKey, topics } from '../../contracts/topics.ts';
import { placePositions } from '../../database/moved-positions.ts';
import { openScratchDatabase, type ScratchDatabase } from '../../database/scratch-database.fixture.ts';
import { keyOf, storeIssues } from '../../database/stored-issues.fixture.ts';
import type { MismatchChoice } from '../../domain/pairing.ts';
import type { PairingQuestion } from '../../domain/pairing-report.ts';
import { effects } from '../../effects/silent.fixture.ts';
import type { EventLog } from '../../log/event-log.ts';
import { deleteIssue } from '../delete-issue.ts';
import {
  emptyDatabase,
  group,
  openScratchLog,
  publishOwed,
  readKept,
  readTopic,
} from '../own-topics.fixture.ts';
import { settlePairing } from './settle-pairing.ts';

let scratch: ScratchDatabase;
beforeAll(async () => {
  scratch = await openScratchDatabase();
}, 60_000);
afterAll(() => scratch[Symbol.asyncDispose]());
beforeEach(() => emptyDatabase(scratch.database));

async function settle(log: EventLog, choice: MismatchChoice = 'halt') {
  const asked: PairingQuestion[] = [];
  const choose = async (question: PairingQuestion) => {
    asked.push(question);
    return { choice, by: 'a test' };
  };
  const settled = await settlePairing({ database: scratch.database, log, group, effects, choose });
  return { settled, asked };
}

/** A log that takes no record more: the process dies before the log knows. */
const dyingLog = (log: EventLog): EventLog =>
  new Proxy(log, {
    get: (target, name) => {
      if (name === 'append') return () => Promise.reject(new Error('the process died'));
      const member: unknown = Reflect.get(target, name, target);
      return typeof member === 'function' ? member.bind(target) : member;
    },
  });

const rawRecord = { topic: topics.raw, key: '1#1', value: Buffer.from('{}'), headers: {} };
const pairings = async (log: EventLog) =>
  (await readTopic(log, topics.deletions)).flatMap(({ key, value }) => (key === pairingKey ? [value] : []));
const databaseId = async () =>
  (await scratch.database.queries.selectFrom('pairing').select('database_id').executeTakeFirstOrThrow())
    .database_id;
const positions = async () =>
  (
    await scratch.database.queries
      .selectFrom('positions')
      .select(['partition', 'next_offset'])
      .where('consumer', '=', group)
      .orderBy('partition')
      .execute()
  ).map(({ next_offset }) => next_offset);
const choices = () =>
  scratch.database.queries
    .selectFrom('pairing_choices')
    .select(['choice', 'finished_at', 'abandoned_at'])
    .orderBy('id')
    .execute();

/** A log and a database that have worked together: an issue, a deletion, and a position at the log's end. */
async function workTogether(log: EventLog) {
  const { database } = scratch;
  await settle(log);
  await log.append([rawRecord, rawRecord]);
  await storeIssues(database, [{ number: 1 }]);
  await deleteIssue(
    { database, clock: effects.clock },
    { key: keyOf({ number: 2 }), repository: 'a/b', by: 'me' },
  );
  await publishOwed(database, log);
  const ranges = await log.ranges(topics.raw);
  const ends = ranges.map(({ topic, partition, end }) => ({
    topic,
    partition,
    topicId: 'id',
    nextOffset: end,
  }));
  await placePositions(database.queries, group, ends);
  await log.setGroupOffsets(
    group,
    ends.map(({ nextOffset, ...place }) => ({ ...place, offset: nextOffset })),
  );
  return {
    kept: await readKept(database),
    ends: ends.map(({ nextOffset }) => nextOffset),
    id: await databaseId(),
  };
}

describe('that belong together', () => {
  test('are a new database and a log that was filled before it', async () => {
    await using log = await openScratchLog();
    await log.append([rawRecord]);
    expect(await settle(log)).toMatchObject({ settled: { kind: 'paired' }, asked: [] });
    expect(await pairings(log)).toMatchObject([{ type: 'pairing', databaseId: await databaseId(), group }]);
    expect(await positions()).toEqual([]);
    expect(await settle(log)).toMatchObject({ settled: { kind: 'paired' }, asked: [] });
    expect(await pairings(log)).toHaveLength(1);
  });

  test('are a database with a history and a log that names nobody', async () => {
    await using first = await openScratchLog();
    const { kept } = await workTogether(first);
    await using log = await openScratchLog();
    expect(await settle(log)).toMatchObject({ settled: { kind: 'paired' }, asked: [] });
    expect(await pairings(log)).toHaveLength(1);
    expect(await readKept(scratch.database)).toEqual(kept);
    const owed = await scratch.database.queries.selectFrom('outbox').select('key').execute();
    expect(owed).toHaveLength(3);
  });
});

describe('a database that was lost', () => {
  test('waits, and says why, by which variable and for which choices', async () => {
    await using log = await openScratchLog();
    const { id } = await workTogether(log);
    await emptyDatabase(scratch.database);
    const { settled, asked } = await settle(log);
    expect(asked).toHaveLength(1);
    expect(asked[0]?.choices.map(({ choice }) => choice)).toEqual(['rebuild', 'adopt', 'halt']);
    expect(settled).toMatchObject({ kind: 'halted' });
    const { reason } = settled as { readonly reason: string };
    for (const said of [id, 'DISPATCHAI_ON_MISMATCH=rebuild', 'DISPATCHAI_ON_MISMATCH=adopt', '2 webhooks'])
      expect(reason).toContain(said);
    expect(await readKept(scratch.database)).toMatchObject({ issues: [], ledger: [] });
    expect(await choices()).toEqual([]);
    expect(await pairings(log)).toMatchObject([{ databaseId: id }]);
  });

  test('is rebuilt from the own topics, and then from the start of issues.raw', async () => {
    await using log = await openScratchLog();
    const { kept } = await workTogether(log);
    await emptyDatabase(scratch.database);
    expect((await settle(log, 'rebuild')).settled).toMatchObject({ kind: 'paired' });
    expect(await readKept(scratch.database)).toEqual(kept);
    expect(await positions()).toEqual([0, 0, 0]);
    expect(await choices()).toMatchObject([{ choice: 'rebuild', finished_at: expect.any(Date) }]);
    expect((await pairings(log)).at(-1)).toMatchObject({ databaseId: await databaseId() });
    expect(await settle(log)).toMatchObject({ asked: [] });
  });

  test('adopts the log at its end, with the ledger and nothing else', async () => {
    await using log = await openScratchLog();
    const { kept, ends } = await workTogether(log);
    await emptyDatabase(scratch.database);
    expect((await settle(log, 'adopt')).settled).toMatchObject({ kind: 'paired' });
    expect(await readKept(scratch.database)).toEqual({ ...kept, issues: [], answers: [], corrections: [] });
    expect(await positions()).toEqual(ends);
    const audit = await scratch.database.queries.selectFrom('audit').select(['actor', 'details']).execute();
    expect(audit).toMatchObject([{ actor: 'a test', details: { choice: 'adopt', records: 2 } }]);
  });

  test('of which only the tables were emptied is asked for all the same', async () => {
    await using log = await openScratchLog();
    await workTogether(log);
    await sql`truncate events, issues, classifications, deletions, positions, outbox`.execute(
      scratch.database.queries,
    );
    expect((await settle(log)).asked).toHaveLength(1);
    expect((await settle(log, 'rebuild')).settled).toMatchObject({ kind: 'paired' });
    expect((await readKept(scratch.database)).issues).toHaveLength(1);
  });
});

describe('a choice', () => {
  test('whose end was not reached goes on, whatever is chosen by then', async () => {
    await using log = await openScratchLog();
    const { kept } = await workTogether(log);
    await emptyDatabase(scratch.database);
    const broken = dyingLog(log);
    await expect(settle(broken, 'rebuild')).rejects.toThrow('died');
    expect(await choices()).toMatchObject([{ choice: 'rebuild', finished_at: null }]);
    expect(await settle(log, 'adopt')).toMatchObject({ settled: { kind: 'paired' }, asked: [] });
    expect(await readKept(scratch.database)).toEqual(kept);
    expect(await choices()).toMatchObject([{ choice: 'rebuild', finished_at: expect.any(Date) }]);
  });

  test('is one, though two classifiers start at once', async () => {
    await using log = await openScratchLog();
    await workTogether(log);
    await emptyDatabase(scratch.database);
    const settled = await Promise.all([settle(log, 'rebuild'), settle(log, 'adopt')]);
    expect(settled.map((each) => each.settled.kind)).toEqual(['paired', 'paired']);
    expect(await choices()).toHaveLength(1);
  });

  test('that comes after another one was carried out changes nothing', async () => {
    await using log = await openScratchLog();
    const { ends } = await workTogether(log);
    await emptyDatabase(scratch.database);
    const meanwhile = async () => {
      await settle(log, 'adopt');
      return { choice: 'rebuild' as const, by: 'somebody who took their time' };
    };
    const late = { database: scratch.database, log, group, effects, choose: meanwhile };
    expect(await settlePairing(late)).toMatchObject({ kind: 'paired' });
    expect(await choices()).toMatchObject([{ choice: 'adopt' }]);
    expect(await positions()).toEqual(ends);
  });

  test('that was made about an empty database changes nothing in one that has a history by then', async () => {
    await using log = await openScratchLog();
    await workTogether(log);
    await emptyDatabase(scratch.database);
    const position = { topic: topics.raw, partition: 0, topicId: 'id', nextOffset: 1 };
    const reasons: string[] = [];
    const choose = async ({ reason }: PairingQuestion) => {
      reasons.push(reason);
      if (reasons.length > 1) return { choice: 'halt' as const, by: 'who looked again' };
      await placePositions(scratch.database.queries, group, [position]);
      return { choice: 'rebuild' as const, by: 'somebody who was frozen meanwhile' };
    };
    const settled = await settlePairing({ database: scratch.database, log, group, effects, choose });
    expect(settled).toMatchObject({ kind: 'halted' });
    expect(reasons).toHaveLength(2);
    expect([await choices(), await positions()]).toEqual([[], [1]]);
  });

  test('that was made for another log is given up', async () => {
    await using log = await openScratchLog();
    await workTogether(log);
    await emptyDatabase(scratch.database);
    const broken = dyingLog(log);
    await expect(settle(broken, 'adopt')).rejects.toThrow('died');
    await using other = await openScratchLog();
    expect(await settle(other)).toMatchObject({ settled: { kind: 'paired' }, asked: [] });
    expect(await choices()).toMatchObject([{ abandoned_at: expect.any(Date), finished_at: null }]);
  });
});

test('a log that another database took for itself is not taken back without a choice', async () => {
  await using log = await openScratchLog();
  await workTogether(log);
  const value = Buffer.from(
    JSON.stringify({ type: 'pairing', databaseId: 'another', group, pairedAt: '2026-01-01T00:00:00Z' }),
  );
  await log.append([{ topic: topics.deletions, key: pairingKey, value, headers: {} }]);
  const { settled, asked } = await settle(log);
  expect(settled).toMatchObject({ kind: 'halted', reason: expect.stringContaining('another') });
  expect(asked[0]?.choices[0]?.effect).toContain('beside what this database has');
  await log.append([{ topic: topics.deletions, key: pairingKey, value: null, headers: {} }]);
  expect(await settle(log)).toMatchObject({ settled: { kind: 'paired' }, asked: [] });
});
