import type { TopicName } from '../../contracts/topics.ts';
import type { EventLog } from '../../log/event-log.ts';

export interface TopicLoss {
  /** Records that the broker would remove at its next cleaning, at most: it removes whole segments. */
  readonly records: number;
  /** Records written before this time; milliseconds since 1970. */
  readonly before: number;
}

/** What a topic would lose if it kept only the records written since `before`. */
export async function measureTopicLoss(
  log: Pick<EventLog, 'ranges' | 'offsetsAt'>,
  topic: TopicName,
  before: number,
): Promise<TopicLoss> {
  const [ranges, kept] = await Promise.all([log.ranges(topic), log.offsetsAt(topic, before)]);
  const records = ranges.reduce((sum, { partition, start, end }) => {
    const first = kept.find((each) => each.partition === partition)?.offset ?? end;
    return sum + Math.max(0, first - start);
  }, 0);
  return { records, before };
}
