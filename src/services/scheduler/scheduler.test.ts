import { sql } from 'kysely';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { topics } from '../../contracts/topics.ts';
import { acquireLease } from '../../database/leases.ts';
import { openScratchDatabase, type ScratchDatabase } from '../../database/scratch-database.fixture.ts';
import type { Effects } from '../../effects/effects.ts';
import { HandClock } from '../../effects/hand-clock.fixture.ts';
import { effects as realEffects, silent } from '../../effects/silent.fixture.ts';
import type { Meter } from '../../effects/telemetry.ts';
import type { EventLog } from '../../log/event-log.ts';
import { dueAt, type Job } from './job.ts';
import { measureJob } from './measure-job.ts';
import { runWhileHeld } from './run-while-held.ts';
import { startScheduler } from './start-scheduler.ts';

const minute = 60_000;
let scratch: ScratchDatabase;
beforeAll(async () => {
  scratch = await openScratchDatabase();
});
afterAll(() => scratch[Symbol.asyncDispose]());
beforeEach(async () => {
  await sql`truncate scheduled_runs, leases`.execute(scratch.database.queries);
});

class CountedJob implements Job {
  readonly name = 'counted';
  readonly everyMs = minute;
  runs = 0;
  failing = false;
  async run() {
    this.runs += 1;
    if (this.failing) throw new Error('the world is away');
    return { runs: this.runs };
  }
}

const effectsWith = (clock: HandClock, more: Partial<Effects> = {}): Effects => ({
  ...realEffects,
  clock,
  ...more,
});

async function leased(): Promise<number> {
  await sql`update leases set expires_at = now()`.execute(scratch.database.queries);
  const lease = await acquireLease(scratch.database, { name: 'scheduler', holder: 'test', termMs: minute });
  if (lease.kind !== 'granted') throw new Error('the lease is held');
  return lease.token;
}

/** Runs one job under a lease; what it did is in its rows. */
async function working(job: Job, clock: HandClock, token: number) {
  const lost = new AbortController();
  const lease = { name: 'scheduler', token };
  const context = { database: scratch.database, effects: effectsWith(clock), lease, lost: lost.signal };
  const running = runWhileHeld(context, job);
  return {
    end: async () => {
      lost.abort();
      await running;
    },
    running,
  };
}

const rows = async () =>
  (
    await sql<{ due: number; outcome: string | null; details: object | null }>`
      select extract(epoch from due_at)::float8 as due, outcome, details from scheduled_runs order by due_at`.execute(
      scratch.database.queries,
    )
  ).rows;

const settled = (count: number) =>
  expect.poll(async () => (await rows()).filter(({ outcome }) => outcome !== null).length).toBe(count);

describe('scheduled runs', () => {
  it('are due at whole multiples, and missed ones are made up for once', async () => {
    expect(dueAt(minute * 7 + 1, minute)).toBe(minute * 7);
    const clock = new HandClock();
    const job = new CountedJob();
    const work = await working(job, clock, await leased());
    await settled(1);
    clock.advance(minute);
    await settled(2);
    clock.advance(minute * 10);
    await settled(3);
    await work.end();
    expect((await rows()).map(({ due }) => due)).toEqual([0, 60, 720 - 60]);
  });

  it('go on at once when a clock that was ahead is put right', async () => {
    const clock = new HandClock();
    const job = new CountedJob();
    const work = await working(job, clock, await leased());
    await settled(1);
    clock.advance(minute * 1_000);
    await settled(2);
    clock.putBack(minute * 990);
    const dues = async () => (await rows()).map(({ due }) => due);
    const aMinuteLater = () => {
      clock.advance(minute);
      return dues();
    };
    await expect.poll(aMinuteLater).toHaveLength(3);
    await work.end();
    expect((await dues()).at(-1)).toBe(60_000);
  });

  it('are done once, whoever schedules next', async () => {
    const clock = new HandClock();
    const [first, second] = [new CountedJob(), new CountedJob()];
    const former = await working(first, clock, await leased());
    await settled(1);
    await former.end();
    const next = await working(second, clock, await leased());
    clock.advance(minute);
    await settled(2);
    await next.end();
    expect([first.runs, second.runs]).toEqual([1, 1]);
  });

  it('are begun again where a scheduler died in the middle, and not where it only works', async () => {
    const clock = new HandClock();
    const token = await leased();
    await sql`insert into scheduled_runs (job, due_at, token) values ('counted', to_timestamp(0), ${token})`.execute(
      scratch.database.queries,
    );
    const job = new CountedJob();
    const same = await working(job, clock, token);
    clock.advance(minute);
    await settled(1);
    await same.end();
    expect(job.runs).toBe(1);
    await sql`delete from scheduled_runs where due_at > to_timestamp(0)`.execute(scratch.database.queries);
    const next = await working(job, new HandClock(), await leased());
    await settled(1);
    await next.end();
    expect(job.runs).toBe(2);
  });

  it('that fail are noted, and run again when they are due again', async () => {
    const clock = new HandClock();
    const job = new CountedJob();
    job.failing = true;
    const work = await working(job, clock, await leased());
    await settled(1);
    job.failing = false;
    clock.advance(minute);
    await settled(2);
    await work.end();
    expect(await rows()).toMatchObject([
      { outcome: 'failed', details: { error: 'the world is away' } },
      { outcome: 'done', details: { runs: 2 } },
    ]);
  });

  it('are not begun once another scheduler has the lease', async () => {
    const job = new CountedJob();
    const token = await leased();
    await leased();
    const work = await working(job, new HandClock(), token);
    await work.running;
    expect([job.runs, await rows()]).toEqual([0, []]);
  });

  it('are forgotten after the last two hundred', async () => {
    await sql`insert into scheduled_runs (job, due_at, token, outcome, finished_at)
      select 'counted', to_timestamp(-60 * n), 1, 'done', now() from generate_series(1, 500) as n`.execute(
      scratch.database.queries,
    );
    const work = await working(new CountedJob(), new HandClock(), await leased());
    await expect.poll(async () => (await rows()).length).toBe(200);
    await work.end();
    expect((await rows()).at(-1)?.due).toBe(0);
  });
});

describe('schedulers', () => {
  it('work one at a time, and the next one takes over at once from one that stops', async () => {
    const [first, second] = [new CountedJob(), new CountedJob()];
    const clock = new HandClock();
    const start = (job: Job, holder: string) =>
      startScheduler({
        database: scratch.database,
        log: noLog,
        effects: effectsWith(clock),
        holder,
        group: 'g',
        jobs: [job],
        termMs: 10 * minute,
      });
    const one = await start(first, 'one');
    await settled(1);
    const other = await start(second, 'other');
    expect([one.readiness(), other.readiness()]).toEqual([{ ready: true }, { ready: true }]);
    await one.stop();
    expect(one.readiness().ready).toBe(false);
    clock.advance(minute);
    await settled(2);
    await other.stop();
    expect([first.runs, second.runs]).toEqual([1, 1]);
  });
});

const noLog = {} as EventLog;

/** A log of one partition whose end is set. */
function logEndingAt(end: () => number): EventLog {
  const stub: Partial<EventLog> = {
    ranges: async (topic) => [{ topic, partition: 0, start: 0, end: end() }],
    groups: async () => [],
    identity: async () => ({
      clusterId: 'c',
      topicIds: {
        [topics.raw]: 'r',
        [topics.enriched]: 'e',
        [topics.deadLetter]: 'd',
        [topics.deletions]: 'l',
      },
    }),
    read: async function* () {
      yield* [];
    },
  };
  return stub as EventLog;
}

describe('measuring', () => {
  it('shows figures, and says once when consistency is degraded and once when it is healthy again', async () => {
    const figures = new Map<string, number>();
    const meter: Meter = {
      ...realEffects.meter,
      gauge: (name) => ({ set: (value) => void figures.set(name, value) }),
    };
    const lines: string[] = [];
    const keep = (_context: object, line: string) => void lines.push(line);
    const logger = { ...silent, warn: keep, info: keep };
    let end = 0;
    const job = measureJob({
      database: scratch.database,
      log: logEndingAt(() => end),
      effects: effectsWith(new HandClock(), { meter, logger }),
      group: 'g',
    });
    const { signal } = new AbortController();
    for (const each of [0, 500, 600, 0, 0]) {
      end = each;
      expect(await job.run(signal)).toMatchObject({ lag: each });
      expect(figures.get('dispatchai_lag_records')).toBe(each);
      expect(figures.get('dispatchai_consistency_healthy')).toBe(each === 0 ? 1 : 0);
    }
    expect(lines).toEqual(['consistency is degraded', 'consistency is healthy again']);
    job.idle?.();
    expect([...figures.values()].every(Number.isNaN)).toBe(true);
  });
});
