import type { TopicPartition, TopicPartitionOffset } from '../event-log.ts';

/** A reader's place in one partition. */
export interface Cursor extends TopicPartition {
  /** The next offset to fetch. */
  next: number;
  /** Exclusive; infinite for a reader that waits for more. */
  to: number;
}

export const cursorAt = ({ topic, partition, offset }: TopicPartitionOffset, to = Infinity): Cursor => ({
  topic,
  partition,
  next: offset,
  to,
});

export const isDone = ({ next, to }: Cursor): boolean => next >= to;
