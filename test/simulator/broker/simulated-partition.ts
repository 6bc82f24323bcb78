import type { TopicName } from '../../../src/contracts/topics.ts';
import {
  type BatchLimits,
  type LogRecord,
  type NewRecord,
  OffsetOutOfRangeError,
  type PartitionRange,
} from '../../../src/log/event-log.ts';

/** Whether the sender of a record learned of it: until then it may send it again without anybody's fault. */
export interface Send {
  certain: boolean;
}

export interface KeptRecord extends LogRecord {
  readonly send: Send;
}

/** One partition as plainly as it can be said. */
export class SimulatedPartition {
  readonly topic: TopicName;
  readonly partition: number;
  start = 0;
  end = 0;
  /** Everything that was ever appended, whatever cleaning removed: for who checks afterwards. */
  readonly history: KeptRecord[] = [];
  #records: KeptRecord[] = [];

  constructor(topic: TopicName, partition: number) {
    this.topic = topic;
    this.partition = partition;
  }

  get range(): PartitionRange {
    const { topic, partition, start, end } = this;
    return { topic, partition, start, end };
  }

  get records(): readonly KeptRecord[] {
    return this.#records;
  }

  append(record: NewRecord, now: number, send: Send): number {
    const { topic, partition } = this;
    const offset = this.end;
    const headers = Object.fromEntries(
      Object.entries(record.headers).map(([name, value]) => [name, value.toWellFormed()]),
    );
    const kept: KeptRecord = {
      topic,
      partition,
      offset,
      timestamp: record.timestamp ?? now,
      key: record.key.toWellFormed(),
      value: record.value,
      headers,
      send,
    };
    this.#records.push(kept);
    this.history.push(kept);
    this.end += 1;
    return offset;
  }

  /** Records from `from` on within the limits; at least one when there is one. */
  slice(from: number, to: number, limits: Required<Pick<BatchLimits, 'records' | 'bytes'>>): LogRecord[] {
    const found: LogRecord[] = [];
    let bytes = 0;
    for (const record of this.#records) {
      if (record.offset < from || record.offset >= to) continue;
      const size = record.value?.byteLength ?? 0;
      if (found.length > 0 && (found.length >= limits.records || bytes + size > limits.bytes)) break;
      found.push(record);
      bytes += size;
    }
    return found;
  }

  assertInside(offset: number): void {
    if (offset >= this.start && offset <= this.end) return;
    const { topic, partition } = this;
    throw new OffsetOutOfRangeError({ topic, partition, offset }, this.range);
  }

  trim(before: number): number {
    if (before > this.end) this.assertInside(before);
    this.start = Math.max(this.start, before);
    this.#records = this.#records.filter(({ offset }) => offset >= this.start);
    return this.start;
  }

  /** Forgets its last records: their offsets are given out again. */
  cut(count: number): number {
    const gone = Math.min(count, this.end - this.start);
    this.end -= gone;
    this.#records = this.#records.filter(({ offset }) => offset < this.end);
    this.history.splice(this.history.findIndex(({ offset }) => offset >= this.end) >>> 0);
    return gone;
  }

  /**
   * Leaves the last record of each key, and gaps where the others were. A key whose last record came late is left as it
   * is: `min.compaction.lag.ms` gives the relay an hour to notice.
   */
  compact(): number {
    const last = new Map(this.#records.map((record) => [record.key, record]));
    const late = new Set(
      this.#records.filter((record) => isNewer(record, last.get(record.key))).map(({ key }) => key),
    );
    const before = this.#records.length;
    this.#records = this.#records.filter((record) => last.get(record.key) === record || late.has(record.key));
    return before - this.#records.length;
  }
}

const isNewer = (a: LogRecord, b: LogRecord | undefined): boolean =>
  Number(a.headers.version ?? 0) > Number(b?.headers.version ?? 0);
