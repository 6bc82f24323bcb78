import { sql } from 'kysely';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { topics } from '../../contracts/topics.ts';
import type { PairingQuestion } from '../../domain/pairing-report.ts';
import { effects } from '../../effects/silent.fixture.ts';
import { isPaired } from '../../operations/pair-log/is-paired.ts';
import { group, openIntake } from './intake.fixture.ts';

let intake: Awaited<ReturnType<typeof openIntake>>;
beforeAll(async () => {
  intake = await openIntake();
});
afterEach(() => intake.empty());
afterAll(() => intake.close());

/** A database with two issues that is then lost, beside its log. */
async function lose() {
  const service = await intake.start({ onMismatch: 'adopt' });
  await intake.settled();
  await intake.append({ delivery: 'one' }, { delivery: 'two', number: 2 });
  await intake.settled();
  await service.stop();
  await sql`truncate events, issues, classifications, outbox, positions, deletions, pairing, pairing_choices`.execute(
    intake.database.queries,
  );
  await sql`insert into pairing default values`.execute(intake.database.queries);
  intake.classifier.asked.length = 0;
}

describe('intake beside a log that belongs to another database', () => {
  it('waits outside its group, and says for what', async () => {
    await lose();
    const service = await intake.start();
    await expect
      .poll(() => service.readiness())
      .toMatchObject({ ready: false, reason: expect.stringContaining('DISPATCHAI_ON_MISMATCH=rebuild') });
    expect((await intake.log.groups()).find((each) => each.group === group)?.state).toBe('empty');
    expect(await intake.events()).toEqual([]);
  });

  it('asks once, and does what it is told', async () => {
    await lose();
    const asked: PairingQuestion[] = [];
    const ask = async (question: PairingQuestion) => {
      asked.push(question);
      return 'rebuild' as const;
    };
    const service = await intake.start({ onMismatch: 'ask', ask });
    await intake.settled();
    expect(service.readiness()).toEqual({ ready: true });
    expect(asked).toHaveLength(1);
    expect(await intake.events()).toHaveLength(2);
  });

  it('leaves what is in an adopted log, until its group is moved to the start', async () => {
    await lose();
    await intake.start({ onMismatch: 'adopt' });
    await intake.settled();
    await intake.append({ delivery: 'three', number: 3 });
    await intake.settled();
    expect((await intake.events()).map(({ delivery_id }) => delivery_id)).toEqual(['three']);
  });
});

it('a database that became another one right before its claim is settled with the log before anything is taken in', async () => {
  await intake.append({ delivery: 'one' });
  const first = await intake.start({ onMismatch: 'rebuild' });
  await intake.settled();
  await first.stop();
  let replaced = false;
  const beforeClaim = async () => {
    if (replaced) return;
    replaced = true;
    await sql`update pairing set database_id = gen_random_uuid()`.execute(intake.database.queries);
  };
  const service = await intake.start({ onMismatch: 'rebuild', beforeClaim });
  const { database, log } = intake;
  await expect.poll(async () => replaced && (await isPaired({ database, log, group }))).toBe(true);
  await expect.poll(() => service.readiness()).toEqual({ ready: true });
});

it('a database that was emptied right before its claim is asked about, and has no history of that claim', async () => {
  await intake.append({ delivery: 'one' });
  const first = await intake.start();
  await intake.settled();
  await first.stop();
  let emptied = false;
  const beforeClaim = async () => {
    if (emptied) return;
    emptied = true;
    await sql`truncate events, positions`.execute(intake.database.queries);
  };
  const service = await intake.start({ beforeClaim });
  await expect
    .poll(() => service.readiness())
    .toMatchObject({ ready: false, reason: expect.stringContaining('DISPATCHAI_ON_MISMATCH=rebuild') });
  expect(await intake.events()).toEqual([]);
  expect(await intake.positions()).toEqual([]);
});

it('a database that was put back into the middle of a choice right before its claim finishes it first', async () => {
  const first = await intake.start();
  await intake.settled();
  await first.stop();
  const { database, log } = intake;
  const { clusterId, topicIds } = await log.identity();
  let chosen = false;
  const beforeClaim = async () => {
    if (chosen) return;
    chosen = true;
    await sql`insert into pairing_choices (choice, reason, cluster_id, topic_ids, records)
      values ('rebuild', 'a test', ${clusterId}, ${JSON.stringify(topicIds)}::jsonb, 0)`.execute(
      database.queries,
    );
  };
  await intake.start({ beforeClaim });
  const unfinished = database.queries
    .selectFrom('pairing_choices')
    .select('id')
    .where('finished_at', 'is', null);
  await expect.poll(async () => chosen && (await unfinished.execute())).toEqual([]);
});

it('an offset that was moved from outside does not win, and is noted', async () => {
  const service = await intake.start({ onMismatch: 'adopt' });
  await intake.settled();
  await intake.append({ delivery: 'one' });
  await intake.settled();
  await service.stop();
  const partitions = await intake.log.ranges(topics.raw);
  const starts = partitions.map(({ topic, partition, start }) => ({ topic, partition, offset: start }));
  expect(await intake.log.setGroupOffsets(group, starts)).toBe('set');
  const said: object[] = [];
  const logger = { ...effects.logger, warn: (context: object) => void said.push(context) };
  await intake.start({ effects: { ...effects, logger } });
  await intake.append({ delivery: 'two', number: 2 });
  await intake.settled();
  const moved = await intake.database.queries
    .selectFrom('positions')
    .select('moved_to')
    .where('moved_to', 'is not', null)
    .execute();
  expect(moved).toHaveLength(1);
  expect(said).toContainEqual({ moved: [expect.objectContaining({ to: expect.any(Number) })] });
  expect(intake.classifier.asked).toHaveLength(2);
});
