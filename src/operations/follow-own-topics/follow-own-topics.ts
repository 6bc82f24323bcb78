import type { Database } from '../../database/database.ts';
import { type KnownPlace, readKnownPlaces } from '../../database/followed-positions.ts';
import { type OwnTopic, ownTopics } from '../../domain/followed-record.ts';
import type { Effects } from '../../effects/effects.ts';
import type { EventLog, LogIdentity, PartitionRange } from '../../log/event-log.ts';
import { takeInFollowed } from './take-in-followed.ts';
import { writeTopicAnew } from './write-topic-anew.ts';

export interface FollowOwnTopics {
  readonly database: Database;
  readonly log: EventLog;
  readonly effects: Pick<Effects, 'clock' | 'logger'>;
  /** Stops between two batches; what was read until then stays. */
  readonly signal?: AbortSignal;
}

export type FollowOutcome =
  | {
      readonly kind: 'followed';
      /** Up to where each partition was read, exclusive. */
      readonly ends: readonly KnownPlace[];
      readonly issues: number;
      readonly deletions: number;
    }
  | { readonly kind: 'stopped' };

/**
 * Reads `issues.deletions` and then `issues.enriched` from the places that the database stores to their ends, and
 * takes in what it does not know: so a database that was put back or made anew has again what the log has of it,
 * without a model. Where nothing was lost it reads what the last relay sent and did not note, which is little.
 */
export async function followOwnTopics(context: FollowOwnTopics): Promise<FollowOutcome> {
  const identity = await context.log.identity();
  const ends: KnownPlace[] = [];
  const taken = { issues: 0, deletions: 0 };
  for (const topic of ownTopics) {
    // Places before ranges: a relay at work moves both, and an end older than a place would look like a topic put back.
    const stored = (await readKnownPlaces(context.database.queries)).filter((place) => place.topic === topic);
    const ranges = await context.log.ranges(topic);
    const places = await preparePlaces(context, topic, identity, stored, ranges);
    for (const range of ranges) {
      const end = await followPartition(context, topic, range, places, taken);
      if (end === 'stopped') return { kind: 'stopped' };
      ends.push(end);
    }
  }
  const { logger } = context.effects;
  if (taken.issues + taken.deletions > 0) {
    logger.warn(taken, 'the log knew more than the database: issues and deletions were taken over from it');
  }
  return { kind: 'followed', ends, ...taken };
}

/**
 * Sees to it that every partition has a place in this topic; one that is another topic, or ends before it, is gone.
 * Where a place is missing nobody knows which topic was written: it counts as gone, and what it has after all settles
 * itself while it is read.
 * @returns the places of the partitions
 */
async function preparePlaces(
  { database, effects }: FollowOwnTopics,
  topic: OwnTopic,
  { topicIds }: LogIdentity,
  stored: readonly KnownPlace[],
  ranges: readonly PartitionRange[],
): Promise<readonly KnownPlace[]> {
  const starts = ranges.map(({ partition, start }) => ({
    topic,
    partition,
    topicId: topicIds[topic],
    offset: start,
  }));
  const isGone = stored.some((place) => {
    const range = ranges.find(({ partition }) => partition === place.partition);
    return place.topicId !== topicIds[topic] || (range !== undefined && place.offset > range.end);
  });
  if (!isGone && stored.length >= ranges.length) return stored;
  const keys = await writeTopicAnew(database, topic, stored, starts);
  // A new database has neither places nor anything to write.
  if (isGone || (keys !== 'elsewhere' && keys > 0)) {
    effects.logger.warn(
      { topic, keys },
      'a topic of our own is not known to be the one that was written: it is written anew',
    );
  }
  return await readKnownPlaces(database.queries);
}

async function followPartition(
  context: FollowOwnTopics,
  topic: OwnTopic,
  { partition, start, end }: PartitionRange,
  known: readonly KnownPlace[],
  taken: { issues: number; deletions: number },
): Promise<KnownPlace | 'stopped'> {
  for (let places = known; ; places = await readKnownPlaces(context.database.queries)) {
    const place = places.find((each) => each.topic === topic && each.partition === partition);
    if (!place) throw new Error(`${topic}/${partition} has no place`);
    if (place.offset >= end) return place;
    const read = await readOn(context, { ...place, topic }, Math.max(place.offset, start), end, taken);
    if (read === 'stopped') return read;
  }
}

/** Reads on from a place until the end, or until somebody else has moved it: then it is looked up again. */
async function readOn(
  { database, log, effects, signal }: FollowOwnTopics,
  place: KnownPlace & { readonly topic: OwnTopic },
  from: number,
  end: number,
  taken: { issues: number; deletions: number },
): Promise<'read' | 'stopped'> {
  const { topic, partition } = place;
  let known = place;
  for await (const records of log.read({ topic, partition, from, to: end })) {
    if (signal?.aborted) return 'stopped';
    const last = records.at(-1);
    if (!last) continue;
    const outcome = await takeInFollowed(database, effects.clock.now(), known, last.offset + 1, records);
    if (outcome === 'elsewhere') return 'read';
    taken.issues += outcome.issues;
    taken.deletions += outcome.deletions;
    known = { ...known, offset: last.offset + 1 };
  }
  // What compaction removed at the end has offsets and no records.
  if (known.offset < end) await takeInFollowed(database, effects.clock.now(), known, end, []);
  return 'read';
}
