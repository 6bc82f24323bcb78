import { sql } from 'kysely';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { formatKey } from '../../contracts/issue.ts';
import { topics } from '../../contracts/topics.ts';
import type { Clock } from '../../effects/clock.ts';
import { effects } from '../../effects/silent.fixture.ts';
import type { EventLog, Generation } from '../../log/event-log.ts';
import { partitionOf } from '../../log/murmur2.ts';
import { CountingClassifier, group, openIntake, repositoryId } from './intake.fixture.ts';

let intake: Awaited<ReturnType<typeof openIntake>>;
beforeAll(async () => {
  intake = await openIntake();
});
afterEach(() => intake.empty());
afterAll(() => intake.close());

const partition = partitionOf(Buffer.from(formatKey({ repositoryId, number: 1 })), 3);

/** The log with other members. */
function withLog(over: Partial<EventLog>): EventLog {
  return new Proxy(intake.log, {
    get: (target, name) => {
      const member: unknown = Reflect.get(name in over ? over : target, name, target);
      return typeof member === 'function' ? member.bind(target) : member;
    },
  });
}

const heldPosition = async () => {
  const row = (await intake.positions()).find((each) => each.partition === partition);
  if (!row) throw new Error('the partition was not claimed');
  return row;
};

/** Three deliveries taken in, and nobody at work. */
async function takenIn() {
  await intake.append({ delivery: 'one' }, { delivery: 'two' }, { delivery: 'three' });
  const service = await intake.start();
  await intake.settled();
  await service.stop();
}

/** A logger's warnings of positions that were set back, and of offsets that were moved from outside. */
function watching() {
  const rewound: unknown[] = [];
  const moved: unknown[] = [];
  const logger = {
    ...effects.logger,
    warn: (context: object) => {
      if ('rewound' in context) rewound.push(context.rewound);
      if ('moved' in context) moved.push(context.moved);
    },
  };
  return { rewound, moved, effects: { ...effects, logger } };
}

describe('a claim', () => {
  it('reads on where the position fits the log', async () => {
    await takenIn();
    const watch = watching();
    await intake.start({ effects: watch.effects });
    await intake.append({ delivery: 'four' });
    await intake.settled();
    expect(watch.rewound).toEqual([]);
    expect(await intake.events()).toHaveLength(4);
  });

  it.each([
    ['another-record', sql`last_delivery = 'a delivery of another log'`],
    ['another-record', sql`last_delivery = split_part(last_delivery, '@', 1) || '@1'`],
    ['past-end', sql`next_offset = next_offset + 1000`],
  ])('begins at the log’s start where the position does not fit it: %s', async (verdict, change) => {
    await takenIn();
    await sql`delete from events where delivery_id = 'two'`.execute(intake.database.queries);
    await sql`update positions set ${change} where consumer = ${group} and partition = ${partition}`.execute(
      intake.database.queries,
    );
    const watch = watching();
    await intake.start({ effects: watch.effects });
    await expect.poll(async () => (await intake.events()).length).toBe(3);
    await intake.settled();
    expect(watch.rewound).toEqual([[`${topics.raw}/${partition}: ${verdict}`]]);
    expect(watch.moved).toEqual([]);
    expect(intake.classifier.asked).toHaveLength(1);
  });

  it('compares nothing with a record that the log no longer has, or that nobody noted', async () => {
    await takenIn();
    const { next_offset } = await heldPosition();
    await intake.log.trim(topics.raw, partition, next_offset);
    await sql`update positions set last_delivery = 'another'`.execute(intake.database.queries);
    const watch = watching();
    const service = await intake.start({ effects: watch.effects });
    await intake.append({ delivery: 'four' });
    await intake.settled();
    await service.stop();
    await sql`update positions set last_delivery = null`.execute(intake.database.queries);
    await intake.start({ effects: watch.effects });
    await intake.append({ delivery: 'five' });
    await intake.settled();
    expect(watch.rewound).toEqual([]);
    expect(await intake.events()).toHaveLength(5);
  });

  it('halts before records that are gone, and says how many', async () => {
    await takenIn();
    await intake.append({ delivery: 'four' }, { delivery: 'five' }, { delivery: 'six' });
    const { next_offset } = await heldPosition();
    await intake.log.trim(topics.raw, partition, next_offset + 2);
    const service = await intake.start();
    await expect
      .poll(() => service.readiness(), { interval: 5 })
      .toMatchObject({
        reason: `intake waits: retention removed 2 records of ${topics.raw}/${partition} before they were processed`,
      });
    expect((await heldPosition()).next_offset).toBe(next_offset);
  });

  it('is made again when, a minute later, the log has another record before the position', async () => {
    const minutes: (() => void)[] = [];
    const clock: Clock = {
      ...effects.clock,
      sleep: (ms, signal) => {
        if (ms !== 60_000) return effects.clock.sleep(ms, signal);
        return new Promise((resolve) => {
          minutes.push(resolve);
          signal?.addEventListener('abort', () => resolve(), { once: true });
        });
      },
    };
    let another = false;
    const log = withLog({
      read: async function* (range) {
        for await (const records of intake.log.read(range)) {
          yield records.map((record) =>
            another ? { ...record, headers: { ...record.headers, 'delivery-id': 'another' } } : record,
          );
        }
      },
    });
    const watch = watching();
    await intake.start({ log, effects: { ...watch.effects, clock } });
    await intake.append({ delivery: 'one' }, { delivery: 'two' });
    await intake.settled();
    minutes.shift()?.();
    await expect.poll(() => minutes.length).toBe(1);
    const { claim } = await heldPosition();
    another = true;
    minutes.shift()?.();
    await expect.poll(async () => (await heldPosition()).claim).toBeGreaterThan(claim);
    another = false;
    await intake.append({ delivery: 'three' });
    await intake.settled();
    expect(watch.rewound).toEqual([[`${topics.raw}/${partition}: another-record`]]);
    expect(await intake.events()).toHaveLength(3);
  });

  it('has what the own topics hold even if the database was put back right before it', async () => {
    const value = { type: 'deleted', repositoryId, number: 9, repository: 'octo/harbor', version: 3 };
    const beforeClaim = async () => {
      await intake.log.append([
        {
          topic: topics.enriched,
          key: formatKey({ repositoryId, number: 9 }),
          value: Buffer.from(JSON.stringify(value)),
          headers: {},
        },
      ]);
    };
    const service = await intake.start({ beforeClaim });
    await expect.poll(() => service.readiness()).toEqual({ ready: true });
    const ledger = intake.database.queries.selectFrom('deletions').select(['number', 'version']);
    expect(await ledger.execute()).toEqual([{ number: 9, version: 3 }]);
  });
});

describe('a member that is told it was fenced, or whose work failed,', () => {
  /** A log whose generations are confirmed by `confirm` only. */
  const confirming = (confirm: Generation['confirm']) =>
    withLog({
      join: async (...joined) => {
        const membership = await intake.log.join(...joined);
        return {
          leave: () => membership.leave(),
          async *[Symbol.asyncIterator]() {
            for await (const generation of membership) yield { ...generation, confirm };
          },
        };
      },
    });

  it.each(['fenced', 'failed'])('claims again only once its group says that it stands: %s', async (how) => {
    let asked = 0;
    let answer: (said: 'held') => void = () => undefined;
    const log = confirming(() => {
      asked += 1;
      return new Promise((resolve) => {
        answer = resolve;
      });
    });
    const counting = new CountingClassifier();
    let away = false;
    const classifier = Object.assign(new CountingClassifier(), {
      classify: async (contents: Parameters<typeof counting.classify>[0]) => {
        if (away) throw new Error('the worker thread ended');
        return counting.classify(contents);
      },
    });
    await intake.start({ log, classifier });
    await intake.append({ delivery: 'one' });
    await intake.settled();
    if (how === 'fenced') await sql`update positions set claim = claim + 1`.execute(intake.database.queries);
    else away = true;
    const before = (await heldPosition()).claim;
    await intake.append({ delivery: 'two', title: 'Another text' });
    await expect.poll(() => asked).toBe(1);
    expect((await heldPosition()).claim).toBe(before);
    expect(await intake.events()).toHaveLength(1);
    away = false;
    answer('held');
    await intake.settled();
    expect((await heldPosition()).claim).toBeGreaterThan(before);
    expect(await intake.events()).toHaveLength(2);
  });
});
