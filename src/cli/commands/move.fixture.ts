import { expect } from 'vitest';
import { pairingKey, topicNames, topics } from '../../contracts/topics.ts';
import type { Database } from '../../database/database.ts';
import { systemClock } from '../../effects/clock.ts';
import { effects } from '../../effects/silent.fixture.ts';
import type { EventLog } from '../../log/event-log.ts';
import { correctClassification } from '../../operations/correct-classification.ts';
import { deleteIssue } from '../../operations/delete-issue.ts';
import type { InstallationStores } from '../../operations/move-installation/installation-stores.ts';
import {
  CountingClassifier,
  group,
  type openIntake,
  repositoryId,
  type Said,
} from '../../services/classifier/intake.fixture.ts';
import { startClassifier } from '../../services/classifier/start-classifier.ts';
import { startRelay } from '../../services/relay/start-relay.ts';

export const issues = 40;
type Side = Awaited<ReturnType<typeof openIntake>>;

/** Accepted while nothing worked on them: a new issue each. */
export const waiting = [101, 102, 103];

const opened = (number: number): Said => ({
  number,
  delivery: `opened-${number}`,
  title: `The ${number}. crane stops`,
});

/**
 * An installation that has been in use: issues with answers, an edit, a correction and a deletion, all published; then
 * a correction that was not published any more, and webhooks that were not processed any more.
 */
export async function fillInstallation(intake: Side): Promise<void> {
  const { database, log } = intake;
  await intake.append(...Array.from({ length: issues }, (_, index) => opened(index + 1)));
  await intake.append({
    ...opened(2),
    delivery: 'edited-2',
    action: 'edited',
    title: 'The second crane stops, too',
    updatedAt: '2026-03-01T12:00:05Z',
    payload: { changes: { title: { from: 'The 2. crane stops' } } },
  });
  const classifier = await intake.start();
  const relay = await startRelay({ database, log, effects, group, holder: 'source' });
  await intake.settled();
  await correct(database, 3, 'feature');
  await deleteIssue(
    { database, clock: systemClock },
    { key: { repositoryId, number: 4 }, repository: 'octo/harbor', by: 'mona' },
  );
  await published(database);
  await classifier.stop();
  await relay.stop();
  await correct(database, 5, 'question');
  await intake.append(...waiting.map(opened));
}

/** A webhook that was processed before, delivered again. */
export const redelivery = (side: Side) => side.say(opened(7));

async function correct(database: Database, number: number, category: 'feature' | 'question'): Promise<void> {
  const { version } = await database.queries
    .selectFrom('issues')
    .select('version')
    .where('number', '=', number)
    .executeTakeFirstOrThrow();
  const key = { repositoryId, number };
  const corrected = await correctClassification(
    { database, clock: systemClock },
    { key, version, set: { category }, undo: [], by: 'mona' },
  );
  expect(corrected.outcome).toBe('corrected');
}

const published = (database: Database) =>
  expect
    .poll(() => database.queries.selectFrom('outbox').select('key').execute(), { timeout: 20_000 })
    .toEqual([]);

/** Everything that has to be the same on both sides, as the database says it. */
export async function stateOf(database: Database) {
  const { queries } = database;
  return {
    issues: await queries.selectFrom('issues').selectAll().orderBy('number').execute(),
    classifications: await queries.selectFrom('classifications').selectAll().orderBy('number').execute(),
    corrections: await queries.selectFrom('corrections').selectAll().orderBy('number').execute(),
    deletions: await queries.selectFrom('deletions').selectAll().orderBy('number').execute(),
    events: await queries.selectFrom('events').selectAll().orderBy('delivery_id').execute(),
    outbox: await queries.selectFrom('outbox').selectAll().orderBy('key').execute(),
  };
}

/** Every record of every topic but its offset, and but what the log says of itself. */
export async function recordsOf(log: EventLog) {
  const records: unknown[] = [];
  for (const topic of topicNames) {
    for (const { partition, start } of await log.ranges(topic)) {
      for await (const batch of log.read({ topic, partition, from: start })) {
        for (const { key, value, headers, timestamp } of batch) {
          if (key === pairingKey) continue;
          records.push({
            topic,
            partition,
            key,
            headers,
            timestamp,
            value: value && Buffer.from(value).toString(),
          });
        }
      }
    }
  }
  return records;
}

/** Runs classifier and relay on a side until nothing waits; returns what the classifier was asked. */
export async function workOff({ database, log }: InstallationStores): Promise<readonly string[]> {
  const classifier = new CountingClassifier();
  const services = [
    await startRelay({ database, log, effects, group, holder: 'target' }),
    await startClassifier({ database, log, classifier, effects, group }),
  ];
  await expect
    .poll(
      async () => {
        const ranges = await log.ranges(topics.raw);
        const positions = await database.queries
          .selectFrom('positions')
          .select(['partition', 'next_offset'])
          .where('consumer', '=', group)
          .execute();
        return ranges.map(
          ({ partition, end }) =>
            end - (positions.find((each) => each.partition === partition)?.next_offset ?? 0),
        );
      },
      { timeout: 60_000 },
    )
    .toEqual([0, 0, 0]);
  await published(database);
  for (const service of services) await service.stop();
  return classifier.asked.map(({ title }) => title);
}
