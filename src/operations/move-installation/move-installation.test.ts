import { sql } from 'kysely';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { pairingKey, topics } from '../../contracts/topics.ts';
import { openScratchDatabase, type ScratchDatabase } from '../../database/pglite/scratch-database.fixture.ts';
import { storeIssues } from '../../database/stored-issues.fixture.ts';
import { lastDelivery } from '../../domain/last-delivery.ts';
import { systemClock } from '../../effects/clock.ts';
import { keysOf, record } from '../../log/conformance/harness.ts';
import { EmbeddedLogFixture } from '../../log/embedded/embedded-log.fixture.ts';
import type { NewRecord } from '../../log/event-log.ts';
import { moveInstallation, planMove } from './move-installation.ts';
import type { MoveProgress } from './move-progress.ts';

const day = 24 * 3_600_000;
const [key = ''] = keysOf(0, 1);
const webhook = (delivery: string, more: Partial<NewRecord> = {}): NewRecord =>
  record(key, delivery, { headers: { 'delivery-id': delivery }, ...more });

interface Side {
  readonly scratch: ScratchDatabase;
  logs: EmbeddedLogFixture;
}
let from: Side;
let to: Side;
const stores = ({ scratch, logs }: Side) => ({ database: scratch.database, log: logs.log });
const move = () => ({ from: stores(from), to: stores(to), clock: systemClock });
const options = (
  onProgress: (progress: MoveProgress) => void = () => undefined,
  signal = new AbortController().signal,
) => ({ actor: 'mona', onProgress, signal });

beforeAll(async () => {
  const open = async (): Promise<Side> => ({
    scratch: await openScratchDatabase(),
    logs: await EmbeddedLogFixture.open(),
  });
  [from, to] = await Promise.all([open(), open()]);
}, 60_000);
beforeEach(async () => {
  for (const side of [from, to]) {
    const { queries } = side.scratch.database;
    await sql`truncate events, issues, classifications, corrections, ai_answers, ai_tasks, deletions, outbox,
                       positions, leases, audit`.execute(queries);
    // Both are copies of one template.
    await sql`update pairing set database_id = gen_random_uuid(), cluster_id = null`.execute(queries);
    await side.logs.dispose();
    side.logs = await EmbeddedLogFixture.open();
  }
});
afterAll(async () => {
  for (const { scratch, logs } of [from, to]) {
    await logs.dispose();
    await scratch[Symbol.asyncDispose]();
  }
});

const queries = (side: Side) => side.scratch.database.queries;

async function processedTo(offset: number, consumer = 'dispatchai-classifier', topic: string = topics.raw) {
  await queries(from)
    .insertInto('positions')
    .values({ consumer, topic, partition: 0, topic_id: 'of the source', next_offset: offset })
    .execute();
}

async function storeEvent(delivery: string, offset: number, payload: Uint8Array = Buffer.from('{}')) {
  await sql`insert into events (delivery_id, event, action, rank, received_at, status, origin, correlation_id, topic,
                                partition, log_offset, record_key, payload)
            values (${delivery}, 'issues', 'opened', 1, now(), 'applied', 'github', 'c', 'issues.raw', 0, ${offset},
                    ${key}, decode(${Buffer.from(payload).toString('hex')}, 'hex'))`.execute(queries(from));
}

const positions = () =>
  queries(to)
    .selectFrom('positions')
    .select(['consumer', 'topic', 'next_offset', 'last_delivery'])
    .orderBy('consumer')
    .execute();

describe('positions', () => {
  it('lie behind the last record that was processed, whatever its offset became', async () => {
    const sentAt = Date.now() - 1_000;
    await from.logs.log.append(
      ['a', 'b', 'c', 'd'].map((delivery, second) => webhook(delivery, { timestamp: sentAt + second })),
    );
    await from.logs.log.trim(topics.raw, 0, 1);
    await processedTo(3);
    const states = ['x', 'y', 'y', 'y', 'z'].map((value) => record(key, value, { topic: topics.enriched }));
    await from.logs.log.append(
      states.map((each, index) => ({ ...each, key: keysOf(0, 3)[[0, 1, 1, 1, 2][index]!]! })),
    );
    await from.logs.log.clean();
    await processedTo(5, 'relay', topics.enriched);
    await storeEvent('a', 0);
    await storeEvent('c', 2);

    expect(await moveInstallation(move(), options())).toMatchObject({ kind: 'moved' });
    expect(await positions()).toEqual([
      {
        consumer: 'dispatchai-classifier',
        topic: topics.raw,
        next_offset: 2,
        last_delivery: lastDelivery('c', sentAt + 2),
      },
      // Two of five were compacted away.
      { consumer: 'relay', topic: topics.enriched, next_offset: 3, last_delivery: null },
    ]);
    // What the log no longer has lies before its start.
    expect(
      await queries(to)
        .selectFrom('events')
        .select(['delivery_id', 'log_offset'])
        .orderBy('delivery_id')
        .execute(),
    ).toEqual([
      { delivery_id: 'a', log_offset: -1 },
      { delivery_id: 'c', log_offset: 1 },
    ]);
  });

  it('lie at the start where nothing of what was processed is kept', async () => {
    await from.logs.log.append([webhook('old', { timestamp: Date.now() - 2 * day }), webhook('young')]);
    await processedTo(1);
    expect((await planMove(move())).partitions[0]).toMatchObject({
      records: 1,
      expired: 1,
      waiting: 1,
      lost: 0,
    });
    await moveInstallation(move(), options());
    expect(await positions()).toMatchObject([{ next_offset: 0, last_delivery: null }]);
    expect(await to.logs.log.ranges(topics.raw)).toMatchObject([{ start: 0, end: 1 }, {}, {}]);
  });
});

describe('what is copied', () => {
  it('keeps every value as it was, page by page', { timeout: 60_000 }, async () => {
    await storeIssues(from.scratch.database, [
      { number: 1, title: 'ünïcode 🚢', body: null, confidence: 0.1 + 0.2 },
      { number: 2, body: 'x'.repeat(100_000) },
    ]);
    const large = Buffer.alloc(1_400_000, 7);
    for (const [index, delivery] of ['a', 'b', 'c', 'd'].entries()) await storeEvent(delivery, index, large);
    await queries(from)
      .insertInto('audit')
      .values({ actor: 'x', action: 'y', details: JSON.stringify({ before: 'this' }) })
      .execute();
    const pages: MoveProgress[] = [];
    await moveInstallation(
      move(),
      options((progress) => void pages.push(progress)),
    );
    for (const table of ['issues', 'classifications', 'events', 'outbox'] as const) {
      const all = async (side: Side) =>
        (
          await sql<{ row: string }>`select md5(t::text) as row from ${sql.table(table)} t`.execute(
            queries(side),
          )
        ).rows
          .map(({ row }) => row)
          .sort();
      expect(await all(to), table).toEqual(await all(from));
    }
    // Wide rows make short pages.
    expect(pages.filter(({ of }) => of === 'events').map(({ done }) => done)).toEqual([3, 4]);
  });

  it('gives the target an identity of its own, and says who moved what', async () => {
    await from.logs.log.append([
      record(pairingKey, '{"databaseId":"of the source"}', { topic: topics.deletions }),
    ]);
    await moveInstallation(move(), options());
    const [pairing] = await queries(to).selectFrom('pairing').selectAll().execute();
    const [source] = await queries(from).selectFrom('pairing').selectAll().execute();
    expect(pairing?.database_id).not.toBe(source?.database_id);
    expect(pairing?.cluster_id).toBe((await to.logs.log.identity()).clusterId);
    // The log's word on which database it belongs to stays behind.
    expect((await to.logs.log.ranges(topics.deletions)).every(({ start, end }) => start === end)).toBe(true);
    const audit = await queries(to)
      .selectFrom('audit')
      .select(['actor', 'action', 'details'])
      .orderBy('id')
      .execute();
    expect(audit).toMatchObject([
      { actor: 'mona', action: 'move begun', details: { from: source?.database_id } },
      { actor: 'mona', action: 'installation moved', details: { records: 0 } },
    ]);
  });
});

describe('a move is refused, and writes nothing,', () => {
  const obstacles = async () => {
    const before = await queries(to).selectFrom('audit').selectAll().execute();
    const outcome = await moveInstallation(move(), options());
    expect(outcome.kind).toBe('refused');
    expect(await queries(to).selectFrom('audit').selectAll().execute()).toEqual(before);
    return outcome.kind === 'refused' ? outcome.plan.obstacles : [];
  };

  it('where it would lose webhooks', async () => {
    await from.logs.log.append([webhook('old', { timestamp: Date.now() - 2 * day }), webhook('young')]);
    expect(await obstacles()).toEqual([
      expect.stringContaining('1 records of issues.raw/0 were not processed'),
    ]);
  });

  it('where the target has rows or records', async () => {
    await storeIssues(to.scratch.database, [{ number: 1 }]);
    await to.logs.log.append([webhook('there')]);
    expect(await obstacles()).toEqual([
      expect.stringMatching(
        /rows in issues, classifications, outbox; issues\.raw of the target has records; a target/,
      ),
    ]);
  });

  it('where somebody works on the target', async () => {
    const membership = await to.logs.log.join('dispatchai-classifier', [topics.raw]);
    for await (const _ of membership) break;
    await sql`insert into leases values ('relay', 'process 1', 1, now() + interval '1 minute')`.execute(
      queries(to),
    );
    expect(await obstacles()).toEqual([
      'services run on the target (its group dispatchai-classifier has members; its lease relay is held): stop them first',
    ]);
    await membership.leave();
  });

  it('onto itself', async () => {
    const itself = { from: stores(from), to: stores(from), clock: systemClock };
    expect((await planMove(itself)).obstacles).toEqual(['source and target are the same database']);
  });

  it('after one that was interrupted', async () => {
    await from.logs.log.append([webhook('a')]);
    await storeIssues(from.scratch.database, [{ number: 1 }]);
    const stop = new AbortController();
    const interrupted = await moveInstallation(
      move(),
      options(() => stop.abort(), stop.signal),
    );
    expect(interrupted).toEqual({ kind: 'interrupted' });
    expect(await queries(to).selectFrom('issues').selectAll().execute()).toEqual([]);
    expect(await obstacles()).toEqual([expect.stringMatching(/\(a move that was begun at .* did not end\)/)]);
  });
});

it('fails when something else writes to the target meanwhile', async () => {
  await from.logs.log.append([webhook('a'), record(keysOf(1, 1)[0]!, 'b')]);
  let foreign: Promise<unknown> | null = null;
  const writing = move();
  const append = writing.to.log.append.bind(writing.to.log);
  const log = new Proxy(writing.to.log, {
    get: (target, name) => {
      const member: unknown = Reflect.get(target, name, target);
      if (name !== 'append') return typeof member === 'function' ? member.bind(target) : member;
      return async (records: readonly NewRecord[]) => {
        foreign ??= append([record(keysOf(1, 1)[0]!, 'foreign')]);
        await foreign;
        return append(records);
      };
    },
  });
  await expect(moveInstallation({ ...writing, to: { ...writing.to, log } }, options())).rejects.toThrow(
    /something else writes to the target/,
  );
});
