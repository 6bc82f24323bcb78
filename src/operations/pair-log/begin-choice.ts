import { topics } from '../../contracts/topics.ts';
import { renewFeedId } from '../../database/feed-id.ts';
import { lockKnownPlaces, setKnownPlaces } from '../../database/followed-positions.ts';
import { placePositions } from '../../database/moved-positions.ts';
import { beginChoice as insertChoice } from '../../database/pairing.ts';
import { oweEverything } from '../../database/sent-records.ts';
import { ownTopics } from '../../domain/followed-record.ts';
import type { BegunChoice } from '../../domain/pairing.ts';
import { countRecords, type LookAtPairing } from './look-at-pairing.ts';

export interface ChosenPairing {
  readonly choice: BegunChoice['choice'];
  /** What was found, in a sentence. */
  readonly reason: string;
  /** Who or what chose. */
  readonly by: string;
  /** The last choice that was known when this one was made. */
  readonly lastChoice: number;
  /** Whether the database had a history then. */
  readonly hadHistory: boolean;
}

/**
 * Stores a choice, and with it where everything is read from: the own topics from their start, which an adopted log's
 * `issues.enriched` is not; `issues.raw` from its start or its end. What this database has is owed to the log's topics.
 * Nothing happens when another choice was made meanwhile, or events came into a database that had none: those stand.
 */
export async function beginChoice(
  { database, log, group }: LookAtPairing,
  { choice, reason, by, lastChoice, hadHistory }: ChosenPairing,
): Promise<void> {
  const identity = await log.identity();
  const raw = await log.ranges(topics.raw);
  const own = (await Promise.all(ownTopics.map((topic) => log.ranges(topic)))).flat();
  const records = countRecords(raw);
  await database.transaction(async (transaction) => {
    for (const topic of ownTopics) await lockKnownPlaces(transaction, topic);
    const begun = await insertChoice(transaction, {
      ...{ choice, reason, log: identity, records, lastChoice, hadHistory },
      consumer: group,
    });
    if (begun === 'taken') return;
    await placePositions(
      transaction,
      group,
      raw.map(({ topic, partition, start, end }) => ({
        topic,
        partition,
        topicId: identity.topicIds[topic],
        nextOffset: choice === 'rebuild' ? start : end,
      })),
    );
    await setKnownPlaces(
      transaction,
      own.map(({ topic, partition, start, end }) => ({
        topic,
        partition,
        topicId: identity.topicIds[topic],
        offset: choice === 'adopt' && topic === topics.enriched ? end : start,
      })),
    );
    for (const topic of ownTopics) await oweEverything(transaction, topic);
    await renewFeedId(transaction);
    const details = { choice, reason, records, clusterId: identity.clusterId };
    await transaction
      .insertInto('audit')
      .values({ actor: by, action: 'log paired', details: JSON.stringify(details) })
      .execute();
  });
}
