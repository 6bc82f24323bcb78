import type { IssueKey } from '../contracts/issue.ts';
import { type TopicName, topics } from '../contracts/topics.ts';
import type { Queries } from '../database/database.ts';
import { readNewestRecords } from '../database/erasures.ts';
import { type Remains, remainsOf } from '../domain/remains.ts';
import type { Clock } from '../effects/clock.ts';
import type { EventLog } from '../log/event-log.ts';

export interface TopicRemains extends Remains {
  readonly topic: TopicName;
}

export interface LogRemains {
  /** Whether records of the issue that this database has taken in are in `issues.raw` still. */
  readonly inRaw: boolean;
  /** Of the topics that hold what issues said. */
  readonly topics: readonly TopicRemains[];
}

/** What of an issue the log keeps when it is erased now, and until when at the latest. */
export async function measureRemains(
  {
    queries,
    log,
    clock,
  }: {
    readonly queries: Queries;
    readonly log: Pick<EventLog, 'ranges' | 'configuration'>;
    readonly clock: Clock;
  },
  key: IssueKey,
): Promise<LogRemains> {
  const [newest, ranges, ...configurations] = await Promise.all([
    readNewestRecords(queries, key, topics.raw),
    log.ranges(topics.raw),
    ...withTexts.map((topic) => log.configuration(topic)),
  ]);
  const start = new Map(ranges.map((range) => [range.partition, range.start]));
  const now = clock.now();
  return {
    inRaw: newest.some(({ partition, offset }) => offset >= (start.get(partition) ?? Infinity)),
    topics: withTexts.map((topic, index) => ({ topic, ...remainsOf(configurations[index] ?? {}, now) })),
  };
}

/** `issues.deletions` has no text of any issue. */
const withTexts = [topics.raw, topics.enriched, topics.deadLetter] as const;
