import type { TopicName } from '../../contracts/topics.ts';
import type { EventLog, Generation, LogRecord, NewRecord, TopicPartition } from '../event-log.ts';
import { partitionOf } from '../murmur2.ts';
import type { TopicConfiguration } from '../topic-configuration.ts';

/** What a driver brings to be tested. */
export interface EventLogHarness {
  /** A log with nothing in it: the topics of the development profile, the named ones configured otherwise. */
  create(overrides?: Partial<Record<TopicName, TopicConfiguration>>): Promise<LogUnderTest>;
}

export interface LogUnderTest {
  readonly log: EventLog;
  /** Closes the log and opens it again over the same data; `log` is the new one. */
  reopen(): Promise<void>;
  /**
   * Writes records and sees to it, in the driver's own way (compaction, an aborted transaction), that offsets
   * between them are empty. Returns the partition that has the gaps; records before and after them can be read.
   */
  leaveGaps(): Promise<TopicPartition>;
  /** Closes the log and removes its data. */
  dispose(): Promise<void>;
}

export const text = (value: string): Uint8Array => new TextEncoder().encode(value);

/** Keys of one partition, so that a test knows where they go. */
export const keysOf = (partition: number, count: number): readonly string[] =>
  Array.from({ length: count * 20 }, (_, index) => `key ${index}`)
    .filter((key) => partitionOf(text(key), 3) === partition)
    .slice(0, count);

/** A record on the raw topic with a text value. */
export function record(key: string, value: string, more: Partial<NewRecord> = {}): NewRecord {
  return { topic: 'issues.raw', key, value: text(value), headers: {}, ...more };
}

export const valuesOf = (records: readonly LogRecord[]): readonly (string | null)[] =>
  records.map(({ value }) => (value === null ? null : new TextDecoder().decode(value)));

/** All batches of an iteration that ends. */
export async function batchesOf(
  batches: AsyncIterable<readonly LogRecord[]>,
): Promise<readonly (readonly LogRecord[])[]> {
  const found: (readonly LogRecord[])[] = [];
  for await (const batch of batches) found.push(batch);
  return found;
}

/** All records of an iteration that ends. */
export async function all(batches: AsyncIterable<readonly LogRecord[]>): Promise<readonly LogRecord[]> {
  return (await batchesOf(batches)).flat();
}

/** The first `count` records of an iteration that goes on; leaves it there. */
export async function first(
  count: number,
  batches: AsyncIterable<readonly LogRecord[]>,
): Promise<readonly LogRecord[]> {
  const records: LogRecord[] = [];
  for await (const batch of batches) {
    records.push(...batch);
    if (records.length >= count) break;
  }
  return records;
}

/** Resolves when the signal has fired. */
export function fired(signal: AbortSignal): Promise<void> {
  if (signal.aborted) return Promise.resolve();
  return new Promise((resolve) => signal.addEventListener('abort', () => resolve(), { once: true }));
}

/** A group member whose generations are awaited by what they hold: rebalances may pass through others first. */
export class Participant {
  readonly leave: () => Promise<void>;
  /** Resolves when the membership's iteration has ended. */
  readonly ended: Promise<void>;
  #current: Generation | undefined;
  #waiting: (() => void)[] = [];

  static async join(log: EventLog, group: string, topics: readonly TopicName[]): Promise<Participant> {
    const membership = await log.join(group, topics);
    return new Participant(membership, () => membership.leave());
  }

  private constructor(generations: AsyncIterable<Generation>, leave: () => Promise<void>) {
    this.leave = leave;
    this.ended = this.#follow(generations);
  }

  /** The newest generation. */
  get current(): Generation | undefined {
    return this.#current;
  }

  /** A generation with this many partitions. */
  async holding(partitions: number): Promise<Generation> {
    for (;;) {
      const current = this.#current;
      if (current?.partitions.length === partitions && !current.lost.aborted) return current;
      await new Promise<void>((resolve) => this.#waiting.push(resolve));
    }
  }

  async #follow(generations: AsyncIterable<Generation>): Promise<void> {
    for await (const generation of generations) {
      this.#current = generation;
      for (const wake of this.#waiting.splice(0)) wake();
    }
  }
}

export const fromZero = (partitions: readonly TopicPartition[]) =>
  partitions.map((partition) => ({ ...partition, offset: 0 }));

export const placesOf = (partitions: readonly TopicPartition[]): readonly string[] =>
  partitions.map(({ topic, partition }) => `${topic}/${partition}`).sort();
