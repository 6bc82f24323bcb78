import type { EventLog, LogRecord, TopicPartitionOffset } from '../../log/event-log.ts';
import type { BeforePositions } from './carried-positions.ts';
import { MoveFailedError } from './installation-stores.ts';
import type { PartitionPlan } from './move-plan.ts';
import { isMoved } from './moved-records.ts';

export interface CopyPartition {
  readonly from: EventLog;
  readonly to: EventLog;
  readonly before: BeforePositions;
  readonly onCopied: (records: number) => void;
  readonly signal: AbortSignal;
}

/**
 * Copies the records of a partition in order, with key, headers and time. Each has to get the place that follows the
 * one before it: positions are carried over by counting.
 * @throws MoveFailedError when it does not, because somebody else writes to the target
 */
export async function copyPartition(
  { from, to, before, onCopied, signal }: CopyPartition,
  plan: PartitionPlan,
): Promise<void> {
  const { topic, partition } = plan;
  let expected = plan.targetEnd;
  for await (const records of from.read({ topic, partition, from: plan.from, to: plan.to })) {
    if (signal.aborted) return;
    const moved = records.filter(isMoved);
    const places = await to.append(moved.map(asNew));
    for (const [index, record] of moved.entries()) {
      checkPlace(places[index], { topic, partition, offset: expected });
      expected += 1;
      before.copied(record);
    }
    onCopied(moved.length);
  }
}

const asNew = ({ topic, key, value, headers, timestamp }: LogRecord) => ({
  topic,
  key,
  value,
  headers,
  timestamp,
});

function checkPlace(place: TopicPartitionOffset | undefined, expected: TopicPartitionOffset): void {
  if (place?.partition === expected.partition && place.offset === expected.offset) return;
  const found = place ? `${place.partition} at ${place.offset}` : 'no partition';
  throw new MoveFailedError(
    `a record for ${expected.topic}/${expected.partition} at ${expected.offset} came to lie in ${found}: ` +
      'something else writes to the target, or a send was repeated',
  );
}
