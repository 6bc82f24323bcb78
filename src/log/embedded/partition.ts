import type { DatabaseSync, StatementSync } from 'node:sqlite';
import type { TopicName } from '../../contracts/topics.ts';
import type { LogRecord, PartitionRange, TopicPartition } from '../event-log.ts';
import type { PartitionRow } from './schema.ts';
import { asUnavailable } from './unavailable.ts';

/** A record as it is stored: text already well-formed, headers already encoded. */
export interface EncodedRecord {
  readonly timestamp: number;
  readonly key: string;
  readonly headers: string | null;
  readonly value: Uint8Array | null;
}

export interface SliceLimits {
  readonly records: number;
  readonly bytes: number;
  /** Whether a first record is taken whatever its size. */
  readonly atLeastOne: boolean;
}

export interface Slice {
  readonly records: readonly LogRecord[];
  readonly bytes: number;
  readonly next: number;
}

interface Marks {
  /** First offset that can be read. */
  readonly start: number;
  /** Offset of the next append; never goes back. */
  readonly next: number;
  /** Below this offset each key occurs once. */
  readonly compacted: number;
}

/**
 * One partition's table and its marks. The marks change inside a transaction and are kept or put back with it:
 * only `Store.transaction` calls `keep` and `restore`.
 */
export class Partition {
  readonly topic: TopicName;
  readonly partition: number;
  readonly table: string;
  #marks: Marks;
  #kept: Marks;
  readonly #id: number;
  readonly #insert: StatementSync;
  readonly #slice: StatementSync;
  readonly #firstAt: StatementSync;
  readonly #store: StatementSync;

  constructor(db: DatabaseSync, place: TopicPartition, row: PartitionRow) {
    this.topic = place.topic;
    this.partition = place.partition;
    this.#id = row.id;
    this.table = `records_${row.id}`;
    this.#insert = db.prepare(`insert into ${this.table} (o, t, k, h, v) values (?, ?, ?, ?, ?)`);
    this.#slice = db.prepare(
      `select o, t, k, h, v from ${this.table} where o >= ? and o < ? order by o limit ?`,
    );
    this.#slice.setReturnArrays(true);
    this.#firstAt = db.prepare(`select min(o) as first from ${this.table} where t >= ? and o >= ?`);
    this.#store = db.prepare('update partitions set start = ?, next = ?, compacted = ? where id = ?');
    const last = Number(db.prepare(`select max(o) as last from ${this.table}`).get()?.last ?? -1);
    // The row's own `next` counts only where cleaning has taken the last records: an append writes no row here.
    this.#marks = { start: row.start, next: Math.max(row.next, last + 1), compacted: row.compacted };
    this.#kept = this.#marks;
  }

  get start(): number {
    return this.#marks.start;
  }

  get next(): number {
    return this.#marks.next;
  }

  get compacted(): number {
    return this.#marks.compacted;
  }

  get range(): PartitionRange {
    return { topic: this.topic, partition: this.partition, start: this.start, end: this.next };
  }

  /** Returns the record's offset. */
  append(record: EncodedRecord): number {
    const offset = this.#marks.next;
    this.#insert.run(offset, record.timestamp, record.key, record.headers, record.value);
    this.#marks = { ...this.#marks, next: offset + 1 };
    return offset;
  }

  /** Stores all marks, `next` too: the records that would tell it may be about to go. */
  mark(change: Partial<Pick<Marks, 'start' | 'compacted'>>): void {
    this.#marks = { ...this.#marks, ...change };
    this.#store.run(this.#marks.start, this.#marks.next, this.#marks.compacted, this.#id);
  }

  /**
   * Records from `from` until before `to`, until a limit is reached. `next` is where to read on: `to` when nothing
   * is left before it.
   * @throws LogUnavailableError
   */
  slice(from: number, to: number, limits: SliceLimits): Slice {
    const records: LogRecord[] = [];
    let bytes = 0;
    try {
      for (const row of this.#slice.iterate(from, to, limits.records)) {
        const record = this.#decode(row as unknown as Row);
        const size = record.value?.length ?? 0;
        if (bytes + size > limits.bytes && (records.length > 0 || !limits.atLeastOne)) {
          return { records, bytes, next: record.offset };
        }
        records.push(record);
        bytes += size;
      }
    } catch (error) {
      throw asUnavailable(error);
    }
    const last = records.length === limits.records ? records.at(-1) : undefined;
    return { records, bytes, next: last ? last.offset + 1 : to };
  }

  /** The first offset whose timestamp is at or after `timestamp`, the end when there is none. */
  firstAt(timestamp: number): number {
    const first = this.#firstAt.get(timestamp, this.start)?.first;
    return first === null || first === undefined ? this.next : Number(first);
  }

  #decode([offset, timestamp, key, headers, value]: Row): LogRecord {
    return {
      topic: this.topic,
      partition: this.partition,
      offset,
      timestamp,
      key,
      value,
      headers: headers === null ? {} : JSON.parse(headers),
    };
  }

  keep(): { readonly grown: boolean } {
    const grown = this.#marks.next > this.#kept.next;
    this.#kept = this.#marks;
    return { grown };
  }

  restore(): void {
    this.#marks = this.#kept;
  }
}

type Row = [offset: number, timestamp: number, key: string, headers: string | null, value: Uint8Array | null];
