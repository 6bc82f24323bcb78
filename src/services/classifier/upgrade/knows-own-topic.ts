import { topics } from '../../../contracts/topics.ts';
import type { Database } from '../../../database/database.ts';
import { readKnownPlaces } from '../../../database/followed-positions.ts';
import type { Effects } from '../../../effects/effects.ts';
import type { EventLog, PartitionRange } from '../../../log/event-log.ts';
import { followOwnTopics } from '../../../operations/follow-own-topics/follow-own-topics.ts';
import { isPaired } from '../../../operations/pair-log/is-paired.ts';

export interface OwnTopic {
  readonly database: Database;
  readonly log: EventLog;
  readonly group: string;
  readonly effects: Pick<Effects, 'clock' | 'logger'>;
  readonly signal: AbortSignal;
}

/** What a relay has sent it notes a moment later. */
const notedWithinMs = 1_000;
const lookEveryMs = 50;

/**
 * Whether the database knows everything that `issues.enriched` holds now. One that was put back, or is being rebuilt,
 * does not, and the topic may hold answers that were paid for. Where the topic has to be read first that is done, unless
 * log and database may not belong together.
 * @returns false: what was claimed has to be looked at again
 */
export async function knowsOwnTopic(context: OwnTopic): Promise<boolean> {
  const { database, log, effects, signal } = context;
  const { clock } = effects;
  const ends = await log.ranges(topics.enriched);
  const began = clock.monotonic();
  while (!(await reaches(database, ends))) {
    if (signal.aborted) return false;
    if (clock.monotonic() - began >= notedWithinMs) {
      if (await isPaired(context)) await followOwnTopics(context);
      return false;
    }
    await clock.sleep(lookEveryMs, signal);
  }
  return true;
}

async function reaches(database: Database, ends: readonly PartitionRange[]): Promise<boolean> {
  const places = await readKnownPlaces(database.queries);
  return ends.every(({ topic, partition, start, end }) => {
    const place = places.find((each) => each.topic === topic && each.partition === partition);
    return (place?.offset ?? start) >= end;
  });
}
