import type { TopicName } from '../contracts/topics.ts';

/** A record that is not yet in the log. Key and headers are UTF-8 text; the value is bytes, null a tombstone. */
export interface NewRecord {
  readonly topic: TopicName;
  readonly key: string;
  readonly value: Uint8Array | null;
  readonly headers: Readonly<Record<string, string>>;
  /** Milliseconds since 1970; the log's clock when absent. */
  readonly timestamp?: number;
}

export interface TopicPartition {
  readonly topic: TopicName;
  readonly partition: number;
}

/** `offset` is of the next record to read, or of the record itself, as said where it is used. */
export interface TopicPartitionOffset extends TopicPartition {
  readonly offset: number;
}

export interface LogRecord extends TopicPartitionOffset {
  readonly timestamp: number;
  readonly key: string;
  readonly value: Uint8Array | null;
  readonly headers: Readonly<Record<string, string>>;
}

/** `start` is the first offset that can still be read, `end` the one the next append gets. */
export interface PartitionRange extends TopicPartition {
  readonly start: number;
  readonly end: number;
}

/** Offsets within a partition may have gaps (compaction), never repeats. */
export interface ReadRange extends TopicPartition {
  /** First offset, inclusive. */
  readonly from: number;
  /** Exclusive; the partition's end at the time of the call when absent. */
  readonly to?: number;
  /** Records per yielded batch, 500 when absent; a batch also ends at 8 MB. */
  readonly batch?: number;
}

/** A random id that the log was born with, and one per topic: a recreated topic has another. */
export interface LogIdentity {
  readonly clusterId: string;
  readonly topicIds: Readonly<Record<TopicName, string>>;
}

export interface GroupDescription {
  readonly group: string;
  readonly state: 'active' | 'empty';
  readonly members: readonly { readonly member: string; readonly partitions: readonly TopicPartition[] }[];
  /** Committed offsets of the group, the next to read. A mirror for lag tools: the database's positions decide. */
  readonly committed: readonly TopicPartitionOffset[];
}

/**
 * The partitions that this member holds until it loses them: Kafka's group generation. A new one begins after
 * every rebalance.
 */
export interface Generation {
  /** For people and logs only: broker generation ids begin again with a new group. */
  readonly id: number;
  readonly member: string;
  readonly partitions: readonly TopicPartition[];
  /** Fires as soon as this member no longer holds the partitions (rebalance, leaving, closing). */
  readonly lost: AbortSignal;
  /**
   * Reads on from the given positions (next offset, one per partition) and waits for new records; ends when
   * `lost` fires. A batch holds records of any of the partitions, in order within each.
   * @throws OffsetOutOfRangeError in the iteration when a position lies outside the partition's range: a log
   *   never jumps silently.
   * @throws LogUnavailableError in the iteration when the log cannot be read for longer than a restart of its server
   *   takes, or a topic was deleted and made anew: claim and open again
   */
  open(positions: readonly TopicPartitionOffset[], limits?: BatchLimits): AsyncIterable<readonly LogRecord[]>;
  /**
   * Commits next offsets to the log as a mirror for lag tools. `lost` when this generation is over: a late
   * commit is refused and changes nothing.
   */
  mirror(positions: readonly TopicPartitionOffset[]): Promise<'mirrored' | 'lost'>;
  /**
   * Resolves `held` once the group's coordinator has confirmed, in an exchange begun after this call, that the
   * generation still stands. A frozen member believes that it is in the group; this asks.
   */
  confirm(): Promise<'held' | 'lost'>;
}

export interface BatchLimits {
  /** At most this many records in a batch; 500 when absent. */
  readonly records?: number;
  /** A batch ends once its values have this many bytes; 8 MB when absent. One record always fits. */
  readonly bytes?: number;
  /** Ends the iteration, also while it waits for records: for a reader that stops before its generation does. */
  readonly signal?: AbortSignal;
}

/** A group member; iterating it gives its generations, one after the other, until it leaves. */
export interface Membership extends AsyncIterable<Generation> {
  /** Leaves the group at once, so that others take over without waiting for a session to time out. */
  leave(): Promise<void>;
}

/** An unbounded read without a group. */
export interface Following extends AsyncIterable<readonly LogRecord[]> {
  close(): Promise<void>;
}

/**
 * An append-only log of topics and partitions with Kafka's semantics, whichever driver is behind it.
 * `src/log/conformance/` states every promise as a test, and every driver passes it.
 */
export interface EventLog {
  identity(): Promise<LogIdentity>;
  /** Partition counts of the topics that exist. */
  partitions(topic: TopicName): Promise<number>;
  /**
   * Appends all records durably, or rejects. Resolves with each record's place, in order. Concurrent calls share
   * one write; the records of one key keep the order of the calls. Settles within about 1.5 s, later only for many
   * megabytes. A rejected call may have written some of its records, or all when the answer was lost, but nothing
   * of it is written after that by trying again.
   * @throws RecordTooLargeError for a record over its topic's `max.message.bytes`: the record's fault
   * @throws LogUnavailableError when the log cannot take writes now (away, disk full, too slow), and once when a topic
   *   was deleted and made anew since it was last written or looked at: the world's fault
   */
  append(records: readonly NewRecord[]): Promise<readonly TopicPartitionOffset[]>;
  /**
   * Bounded read, no group. One that ends has given every record up to `to`, which may be noted as read: offsets
   * without a record at the end too.
   * @throws OffsetOutOfRangeError when `from` lies outside the range
   * @throws LogUnavailableError when the log cannot be read for some seconds, also for a transaction of another
   *   producer that is still open: what lies behind it is hidden, and not passed over
   */
  read(range: ReadRange): AsyncIterable<readonly LogRecord[]>;
  /**
   * Follows a topic from the given next offsets and waits for new records. Goes on by itself when the log's server was
   * away for a moment; errors in the iteration as with `Generation.open`: follow again from what was read.
   */
  follow(topic: TopicName, from: readonly TopicPartitionOffset[]): Following;
  /** A membership never ends by an error: while the log is away it has no generation, then a new one. */
  join(group: string, topics: readonly TopicName[]): Promise<Membership>;
  ranges(topic: TopicName): Promise<readonly PartitionRange[]>;
  /** Per partition the first offset whose timestamp is at or after `timestamp`, the end offset when there is none. */
  offsetsAt(topic: TopicName, timestamp: number): Promise<readonly TopicPartitionOffset[]>;
  groups(): Promise<readonly GroupDescription[]>;
  /**
   * Sets a group's committed offsets from outside. `active` and no change while the group has members, as with
   * Kafka.
   */
  setGroupOffsets(group: string, offsets: readonly TopicPartitionOffset[]): Promise<'set' | 'active'>;
  /** Effective configuration of a topic, in Kafka's names. */
  configuration(topic: TopicName): Promise<Readonly<Record<string, string>>>;
  /** Removes records before the offset: Kafka's DeleteRecords. Returns the new start. */
  trim(topic: TopicName, partition: number, before: number): Promise<number>;
  close(): Promise<void>;
}

export class OffsetOutOfRangeError extends Error {
  override readonly name = 'OffsetOutOfRangeError';
  readonly position: TopicPartitionOffset;
  readonly range: PartitionRange;
  constructor(position: TopicPartitionOffset, range: PartitionRange) {
    super(
      `offset ${position.offset} of ${position.topic}/${position.partition} lies outside ${range.start}..${range.end}`,
    );
    this.position = position;
    this.range = range;
  }
}

export class RecordTooLargeError extends Error {
  override readonly name = 'RecordTooLargeError';
}

export class LogUnavailableError extends Error {
  override readonly name = 'LogUnavailableError';
}
