import type { TopicName } from '../../contracts/topics.ts';
import type { Clock } from '../../effects/clock.ts';
import type { Randomness } from '../../effects/randomness.ts';
import type { Logger } from '../../effects/telemetry.ts';
import {
  type Following,
  type GroupDescription,
  type LogIdentity,
  type LogRecord,
  type Membership,
  type NewRecord,
  OffsetOutOfRangeError,
  type PartitionRange,
  type ReadRange,
  type TopicPartitionOffset,
} from '../event-log.ts';
import { type CleaningResult, discard } from './clean.ts';
import { Cleaner } from './cleaner.ts';
import { configurationDefaults, policyOf } from './cleanup-policy.ts';
import { CommittedOffsets } from './committed-offsets.ts';
import { Coordinator } from './coordinator.ts';
import type { EmbeddedLog } from './embedded-log.ts';
import { encodeRecord } from './encode-record.ts';
import { holdPartitions } from './generation.ts';
import { SharedWriter } from './shared-writer.ts';
import type { DeclaredTopics, Store } from './store.ts';
import { bounded, defaultLimits, stream } from './stream.ts';

interface Dependencies {
  readonly clock: Clock;
  readonly randomness: Randomness;
  readonly logger: Logger;
  readonly configuration: DeclaredTopics;
}

export class SqliteLog implements EmbeddedLog {
  readonly #clock: Clock;
  readonly #randomness: Randomness;
  readonly #configuration: DeclaredTopics;
  readonly #store: Store;
  readonly #writer: SharedWriter;
  readonly #committed: CommittedOffsets;
  readonly #coordinator: Coordinator;
  readonly #cleaner: Cleaner;
  readonly #followers = new Set<AbortController>();
  readonly #closing = new AbortController();

  /** Takes over the store: closing the log closes it. */
  constructor(dependencies: Dependencies, store: Store) {
    this.#clock = dependencies.clock;
    this.#randomness = dependencies.randomness;
    this.#configuration = dependencies.configuration;
    this.#store = store;
    this.#writer = new SharedWriter(this.#store);
    this.#committed = new CommittedOffsets(this.#store.db);
    this.#coordinator = new Coordinator(
      (topic) => this.#store.topic(topic).length,
      holdPartitions(this.#store, this.#writer, this.#committed),
    );
    this.#cleaner = new Cleaner(dependencies, this.#store, this.#committed);
    this.#cleaner.start();
  }

  async identity(): Promise<LogIdentity> {
    return this.#store.identity;
  }

  async partitions(topic: TopicName): Promise<number> {
    return this.#store.topic(topic).length;
  }

  async append(records: readonly NewRecord[]): Promise<readonly TopicPartitionOffset[]> {
    const now = this.#clock.now();
    const prepared = records.map((record) => {
      const partitions = this.#store.topic(record.topic);
      const maxBytes = Number(this.#setting(record.topic, 'max.message.bytes'));
      const encoded = encodeRecord(record, { partitions: partitions.length, maxBytes }, now);
      return { ...encoded, into: this.#store.partition({ ...record, partition: encoded.partition }) };
    });
    if (prepared.length === 0) return [];
    return await this.#writer.write({
      bytes: prepared.reduce((sum, { bytes }) => sum + bytes, 0),
      records: prepared.length,
      apply: () =>
        prepared.map((record) => {
          const { topic, partition } = record.into;
          return { topic, partition, offset: record.into.append(record) };
        }),
    });
  }

  read(range: ReadRange): AsyncIterable<readonly LogRecord[]> {
    const partition = this.#store.partition(range);
    const to = Math.min(range.to ?? partition.next, partition.next);
    const limits = { ...defaultLimits, records: range.batch ?? defaultLimits.records };
    return bounded(this.#store, { ...range, offset: range.from }, to, limits);
  }

  follow(topic: TopicName, from: readonly TopicPartitionOffset[]): Following {
    const ended = new AbortController();
    this.#followers.add(ended);
    if (this.#closing.signal.aborted) ended.abort();
    const positions = from.filter((position) => position.topic === topic);
    const batches = this.#following(positions, ended);
    return {
      [Symbol.asyncIterator]: () => batches,
      close: async () => {
        ended.abort();
        this.#followers.delete(ended);
      },
    };
  }

  async *#following(positions: readonly TopicPartitionOffset[], ended: AbortController) {
    try {
      yield* stream(this.#store, positions, defaultLimits, ended.signal);
    } finally {
      this.#followers.delete(ended);
    }
  }

  async join(group: string, topics: readonly TopicName[]): Promise<Membership> {
    for (const topic of topics) this.#store.topic(topic);
    return this.#coordinator.join(group, `${group}-${this.#randomness.uuid()}`, topics);
  }

  async ranges(topic: TopicName): Promise<readonly PartitionRange[]> {
    return this.#store.topic(topic).map((partition) => partition.range);
  }

  async offsetsAt(topic: TopicName, timestamp: number): Promise<readonly TopicPartitionOffset[]> {
    return this.#store.topic(topic).map((partition) => ({
      topic,
      partition: partition.partition,
      offset: partition.firstAt(timestamp),
    }));
  }

  async groups(): Promise<readonly GroupDescription[]> {
    const committed = this.#committed.all();
    const names = new Set([...committed.keys(), ...this.#coordinator.groups]);
    return [...names].sort().map((group) => ({
      group,
      state: this.#coordinator.active(group) ? 'active' : 'empty',
      members: this.#coordinator.members(group),
      committed: committed.get(group) ?? [],
    }));
  }

  setGroupOffsets(group: string, offsets: readonly TopicPartitionOffset[]): Promise<'set' | 'active'> {
    return this.#writer.write({
      bytes: 0,
      records: 0,
      apply: () => {
        if (this.#coordinator.active(group)) return 'active';
        this.#committed.put(group, offsets);
        return 'set';
      },
    });
  }

  async configuration(topic: TopicName): Promise<Readonly<Record<string, string>>> {
    this.#store.topic(topic);
    return { ...configurationDefaults, ...this.#configuration[topic].config };
  }

  async trim(topic: TopicName, partition: number, before: number): Promise<number> {
    const trimmed = this.#store.partition({ topic, partition });
    if (policyOf(this.#configuration[topic].config).delete === undefined) {
      throw new Error(`records of ${topic} cannot be trimmed: its cleanup.policy is compact`);
    }
    if (before > trimmed.next) {
      throw new OffsetOutOfRangeError({ topic, partition, offset: before }, trimmed.range);
    }
    if (before > trimmed.start) this.#store.transaction(() => trimmed.mark({ start: before }));
    await discard({ store: this.#store, partition: trimmed, signal: this.#closing.signal });
    return trimmed.start;
  }

  clean(signal?: AbortSignal): Promise<CleaningResult> {
    return this.#cleaner.clean(signal);
  }

  stats(): { readonly transactions: number; readonly records: number } {
    return this.#writer.stats();
  }

  async close(): Promise<void> {
    if (this.#closing.signal.aborted) return;
    this.#closing.abort();
    for (const follower of this.#followers) follower.abort();
    await this.#coordinator.close();
    await this.#cleaner.stop();
    this.#writer.drain();
    this.#store.close();
  }

  #setting(topic: TopicName, name: string): string | undefined {
    return this.#configuration[topic].config[name] ?? configurationDefaults[name];
  }
}
