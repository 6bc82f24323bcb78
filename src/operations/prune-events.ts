import { topics } from '../contracts/topics.ts';
import type { Queries } from '../database/database.ts';
import { type EventPlace, pruneEvents as pruneSlice } from '../database/prune-events.ts';
import type { Clock } from '../effects/clock.ts';
import type { EventLog } from '../log/event-log.ts';

export interface PruneEvents {
  readonly queries: Queries;
  readonly log: Pick<EventLog, 'ranges'>;
  readonly clock: Clock;
  readonly signal?: AbortSignal;
}

const day = 86_400_000;
/** Longer than any topic of events keeps its records. */
const keptMs = 90 * day;
/** Looked at in one statement, so that the embedded database's one session stays free. */
const eventsPerSlice = 1_000;

/** Removes events that are older than 90 days and that neither the log nor a fold can ask for any more. */
export async function pruneEvents({
  queries,
  log,
  clock,
  signal,
}: PruneEvents): Promise<{ readonly pruned: number }> {
  const starts = (await log.ranges(topics.raw)).map(({ topic, partition, start }) => ({
    topic,
    partition,
    start,
  }));
  const before = clock.now() - keptMs;
  let pruned = 0;
  let after: EventPlace | null = null;
  do {
    const slice: Awaited<ReturnType<typeof pruneSlice>> = await pruneSlice(queries, {
      before,
      after,
      events: eventsPerSlice,
      starts,
    });
    pruned += slice.pruned;
    after = slice.last;
  } while (after !== null && !signal?.aborted);
  return { pruned };
}
