import { afterAll, beforeAll, expect, it } from 'vitest';
import { formatKey } from '../../contracts/issue.ts';
import { topics } from '../../contracts/topics.ts';
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
afterAll(() => intake.close());

it('fails no event for a classifier that is away in the middle of a transaction', async () => {
  const { database, log, classifier } = intake;
  await intake.append({ delivery: 'one' });
  const partition = partitionOf(Buffer.from(formatKey({ repositoryId, number: 1 })), 3);
  const records: LogRecord[] = [];
  for await (const read of log.read({ topic: topics.raw, partition, from: 0 })) records.push(...read);
  const prepared = await prepare({ database, classifier }, records);
  const positions = await claimPositions(database.queries, {
    consumer: group,
    owner: 'test',
    partitions: [{ topic: topics.raw, partition, topicId: 'a topic', start: 0 }],
  });
  const progress = new Progress(positions);
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
