import { sql } from 'kysely';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { topics } from '../../contracts/topics.ts';
import { decompressPayload } from '../../database/payload-bytes.ts';
import { effects } from '../../effects/silent.fixture.ts';
import type { Meter } from '../../effects/telemetry.ts';
import { CountingClassifier, openIntake, repositoryId } from './intake.fixture.ts';

let intake: Awaited<ReturnType<typeof openIntake>>;
beforeAll(async () => {
  intake = await openIntake();
});
afterEach(() => intake.empty());
afterAll(() => intake.close());

const soon = { delaysMs: [20, 40, 80], jitter: 0.2 } as const;
/** The first retry is soon, and what follows it is further away than any test. */
const onceSoon = { delaysMs: [20, 600_000], jitter: 0 } as const;
/** Further away than any test: a failed event is tried when the test says that it is due. */
const whenDue = { delaysMs: [600_000, 600_000], jitter: 0 } as const;
const makeDue = () =>
  sql`update events set next_try_at = '1970-01-01' where status = 'failed'`.execute(intake.database.queries);

const rowOf = (delivery: string) =>
  intake.database.queries
    .selectFrom('events')
    .selectAll()
    .where('delivery_id', '=', delivery)
    .executeTakeFirstOrThrow();
const tries = (delivery: string, count: number) =>
  expect
    .poll(async () => (await rowOf(delivery)).attempts, { interval: 5, timeout: 10_000 })
    .toBeGreaterThanOrEqual(count);
const deadLetters = () =>
  intake.database.queries.selectFrom('outbox').selectAll().where('topic', '=', topics.deadLetter).execute();

/** Sums of counters by name and labels. */
function counting() {
  const sums = new Map<string, number>();
  const meter: Meter = {
    ...effects.meter,
    counter: (name) => ({
      add: (amount = 1, labels = {}) => {
        const counted = [name, ...Object.values(labels)].join(' ');
        sums.set(counted, (sums.get(counted) ?? 0) + amount);
      },
    }),
  };
  return { sums, effects: { ...effects, meter } };
}

describe('an event that fails by its own fault', () => {
  it('is tried three more times, ever later, and is then owed to the dead letters', async () => {
    const counted = counting();
    await intake.refuse(7, '23514');
    await intake.append({ delivery: 'poison', number: 7 }, { delivery: 'good', number: 8 });
    await intake.start({ retries: soon, effects: counted.effects });
    await intake.settled();
    await intake.tried();
    const row = await rowOf('poison');
    expect(row).toMatchObject({
      status: 'dead',
      attempts: 4,
      failure: 'SQLSTATE 23514',
      reason: 'could not be stored: refused',
      next_try_at: null,
    });
    const between = Number(row.last_failed_at) - Number(row.first_failed_at);
    expect(between).toBeGreaterThanOrEqual(20 + 40 + 80);
    expect(await deadLetters()).toMatchObject([{ key: 'poison' }]);
    expect(await intake.issue(8)).toBeDefined();
    expect(Object.fromEntries(counted.sums)).toMatchObject({
      dispatchai_events_failed_total: 1,
      'dispatchai_events_retried_total failed': 2,
      'dispatchai_events_retried_total dead': 1,
      dispatchai_events_dead_total: 1,
    });
  });

  it('is taken in as every other once it can be, also behind later events of its issue', async () => {
    await intake.refuse(7, '22001');
    await intake.append({ delivery: 'opened', number: 7 });
    await intake.start({ retries: whenDue });
    await intake.settled();
    await intake.accept();
    const bug = { label: { name: 'bug' } };
    await intake.append({ delivery: 'labeled', number: 7, action: 'labeled', payload: bug });
    await intake.settled();
    expect(await intake.issue(7)).toMatchObject({ labels: [] });
    await makeDue();
    await intake.tried();
    expect(await intake.issue(7)).toMatchObject({ labels: ['bug'] });
    expect(await rowOf('opened')).toMatchObject({
      status: 'applied',
      attempts: 2,
      reason: null,
      record: null,
      failure: null,
    });
    expect(await deadLetters()).toEqual([]);
  });

  it('is kept with everything that makes up its record again', async () => {
    const record = {
      topic: topics.raw,
      key: 'no \0 key',
      value: Buffer.from('\0 is not JSON'),
      headers: { who: 'knows', odd: '\0 "\\ \u2028', event: 'issues' },
      timestamp: 1_234_567,
    };
    await intake.log.append([record, { ...record, key: 'tombstone', value: null }]);
    await intake.start({ retries: soon });
    await intake.settled();
    await intake.tried();
    const rows = await intake.database.queries.selectFrom('events').selectAll().orderBy('payload').execute();
    expect(rows).toMatchObject([
      {
        status: 'dead',
        failure: 'Unreadable',
        record: { key: record.key, headers: record.headers, timestamp: record.timestamp },
      },
      { status: 'dead', record: { key: 'tombstone' }, payload: null },
    ]);
    expect(rows[0]?.delivery_id).toBe(
      `unnamed:${topics.raw}/${rows[0]?.partition}/${rows[0]?.log_offset}@1234567`,
    );
    expect(await decompressPayload(rows[0]?.payload ?? new Uint8Array())).toEqual(record.value);
    expect((await deadLetters()).map(({ key }) => key).sort()).toEqual(
      rows.map((row) => row.delivery_id).sort(),
    );
  });

  it('is refused by the ledger when its issue was deleted meanwhile', async () => {
    await intake.refuse(7, '23514');
    await intake.append({ delivery: 'opened', number: 7 });
    await intake.start({ retries: whenDue });
    await intake.settled();
    await sql`insert into deletions values (${repositoryId}, 7, 'octo/harbor', 5, '2026-03-02T00:00:00Z', null,
      'person', 'mona', false)`.execute(intake.database.queries);
    await intake.accept();
    await makeDue();
    await intake.tried();
    expect(await rowOf('opened')).toMatchObject({ status: 'refused' });
    expect(await intake.issue(7)).toBeUndefined();
  });

  it('goes on with its backoff after a restart', async () => {
    await intake.refuse(7, '23514');
    await intake.append({ delivery: 'poison', number: 7 });
    const first = await intake.start({ retries: onceSoon });
    await intake.settled();
    await tries('poison', 2);
    await first.stop();
    const waiting = await rowOf('poison');
    expect(waiting).toMatchObject({ status: 'failed', attempts: 2 });
    await intake.accept();
    await makeDue();
    await intake.start({ retries: onceSoon });
    await intake.tried();
    expect(await rowOf('poison')).toMatchObject({
      status: 'applied',
      attempts: 3,
      first_failed_at: waiting.first_failed_at,
    });
  });

  it('counts no try while the world is at fault, and none is lost by it', async () => {
    await intake.refuse(7, '23514');
    await intake.append({ delivery: 'poison', number: 7 });
    const answering = new CountingClassifier();
    let away = false;
    let warnings = 0;
    const logger = { ...effects.logger, warn: () => (warnings += 1) };
    const classifier = Object.assign(new CountingClassifier(), {
      classify: async (contents: Parameters<typeof answering.classify>[0]) => {
        if (away) throw new Error('the worker thread ended');
        return answering.classify(contents);
      },
    });
    await intake.start({ classifier, retries: whenDue, effects: { ...effects, logger } });
    await intake.settled();
    away = true;
    await intake.accept();
    await makeDue();
    await expect.poll(() => warnings, { interval: 5 }).toBeGreaterThanOrEqual(2);
    expect(await rowOf('poison')).toMatchObject({ status: 'failed', attempts: 1 });
    await intake.refuse(7, '53100');
    away = false;
    const before = warnings;
    await expect.poll(() => warnings, { interval: 5 }).toBeGreaterThanOrEqual(before + 2);
    expect(await rowOf('poison')).toMatchObject({ status: 'failed', attempts: 1 });
    await intake.accept();
    await intake.tried();
    expect(await rowOf('poison')).toMatchObject({ status: 'applied', attempts: 2 });
  }, 30_000);
});

describe('a batch that fails', () => {
  it.each(['22003', '23514', 'P0001', 'XX000'])(
    'is halved until the culprit is alone, with SQLSTATE %s',
    async (sqlstate) => {
      await intake.refuse(7, sqlstate);
      await intake.append(
        ...Array.from({ length: 30 }, (_, n) => ({ delivery: `d${n + 1}`, number: n + 1 })),
      );
      await intake.start();
      await intake.settled();
      const failed = (await intake.events()).filter(({ status }) => status !== 'applied');
      expect(failed).toMatchObject([{ delivery_id: 'd7', status: 'failed' }]);
      expect(await rowOf('d7')).toMatchObject({ failure: `SQLSTATE ${sqlstate}`, attempts: 1 });
    },
  );

  it.each(['XX001', '53100', '40001'])(
    'stops intake and blames nobody with SQLSTATE %s',
    async (sqlstate) => {
      await intake.refuse(7, sqlstate);
      await intake.append({ delivery: 'one', number: 7 });
      const service = await intake.start();
      await expect
        .poll(() => service.readiness(), { interval: 5 })
        .toMatchObject({
          reason: expect.stringMatching(
            /^intake waits: refused \(what waits begins at offset \d+ of issues\.raw\/\d\)$/,
          ),
        });
      expect(await intake.events()).toEqual([]);
      await intake.accept();
      await intake.settled();
      expect(await intake.events()).toMatchObject([{ delivery_id: 'one', status: 'applied' }]);
      expect(service.readiness()).toEqual({ ready: true });
    },
  );
});
