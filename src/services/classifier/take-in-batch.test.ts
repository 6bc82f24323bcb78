import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';
import { formatKey } from '../../contracts/issue.ts';
import { topics } from '../../contracts/topics.ts';
import type { Database } from '../../database/database.ts';
import { claimPositions } from '../../database/positions.ts';
import { retrySchedule } from '../../domain/retry-schedule.ts';
import { effects } from '../../effects/silent.fixture.ts';
import type { LogRecord } from '../../log/event-log.ts';
import { partitionOf } from '../../log/murmur2.ts';
import { group, openIntake, repositoryId } from './intake.fixture.ts';
import { prepare } from './prepare.ts';
import { Progress } from './progress.ts';
import { takeInBatch } from './take-in-batch.ts';

let intake: Awaited<ReturnType<typeof openIntake>>;
beforeAll(async () => {
  intake = await openIntake();
});
afterEach(() => intake.empty());
afterAll(() => intake.close());

/** One partition, claimed, and the batch that its records are. */
async function claimedBatch(...deliveries: readonly string[]) {
  const { database, log, classifier } = intake;
  await intake.append(...deliveries.map((delivery) => ({ delivery })));
  const partition = partitionOf(Buffer.from(formatKey({ repositoryId, number: 1 })), 3);
  const start = (await log.ranges(topics.raw)).find((each) => each.partition === partition)?.start ?? 0;
  const records: LogRecord[] = [];
  for await (const read of log.read({ topic: topics.raw, partition, from: start })) records.push(...read);
  const positions = await claimPositions(database.queries, {
    consumer: group,
    owner: 'test',
    partitions: [{ topic: topics.raw, partition, topicId: 'a topic', start }],
  });
  return { prepared: await prepare({ database, classifier }, records), progress: new Progress(positions) };
}

it('fails no event for a classifier that is away in the middle of a transaction', async () => {
  const { database, classifier } = intake;
  const { prepared, progress } = await claimedBatch('one');
  const away = new Error('the worker thread ended');
  const context = { consumer: group, effects, retries: retrySchedule, classifier };
  // What a fold makes of several events is a content that nobody prepared an answer for.
  const batch = { ...prepared, answers: new Map() };
  const failing = { ...classifier, classify: () => Promise.reject(away), close: classifier.close };
  await expect(
    takeInBatch(database, { ...context, classifier: failing }, batch, progress),
  ).rejects.toMatchObject({
    cause: { cause: away },
  });
  expect(await intake.events()).toEqual([]);
  await takeInBatch(database, context, batch, progress);
  expect(await intake.events()).toMatchObject([{ delivery_id: 'one', status: 'applied' }]);
});

it('stores a delivery that is in one batch twice once, in one transaction', async () => {
  const { database, classifier } = intake;
  const { prepared, progress } = await claimedBatch('one', 'one', 'two');
  let transactions = 0;
  const counting: Database = new Proxy(database, {
    get: (target, name) => {
      if (name === 'transaction') transactions += 1;
      const member: unknown = Reflect.get(target, name, target);
      return typeof member === 'function' ? member.bind(target) : member;
    },
  });
  const context = { consumer: group, effects, retries: retrySchedule, classifier };
  await takeInBatch(counting, context, prepared, progress);
  expect(await intake.events()).toMatchObject([{ delivery_id: 'one' }, { delivery_id: 'two' }]);
  expect(transactions).toBe(1);
});
