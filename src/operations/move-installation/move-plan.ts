import type { TopicName } from '../../contracts/topics.ts';
import type { MovedTable } from './moved-tables.ts';

/** What a move copies of one partition. Offsets are the source's. */
export interface PartitionPlan {
  readonly topic: TopicName;
  readonly partition: number;
  /** The first record that is copied; those before it are older than the target keeps. */
  readonly from: number;
  /** Exclusive. */
  readonly to: number;
  /** Where the target's partition ends now: the offset of the first copied record. */
  readonly targetEnd: number;
  readonly records: number;
  /** Of keys, values and headers. */
  readonly bytes: number;
  readonly largest: number;
  /** Records that the target would delete at once. */
  readonly expired: number;
  /** Copied records that no consumer has processed: they are processed on the target. */
  readonly waiting: number;
  /** Records that nobody has processed and that the target would not keep. */
  readonly lost: number;
}

export interface TablePlan {
  readonly table: MovedTable;
  readonly rows: number;
  /** On the source's disk, indexes apart. */
  readonly bytes: number;
}

/** What a move would do, and what stands in its way. */
export interface MovePlan {
  readonly partitions: readonly PartitionPlan[];
  readonly tables: readonly TablePlan[];
  /** One sentence each; a move with any of them is refused. */
  readonly obstacles: readonly string[];
}
