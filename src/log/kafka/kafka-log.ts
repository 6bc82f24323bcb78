import type { TopicName } from '../../contracts/topics.ts';
import type { Clock } from '../../effects/clock.ts';
import type { Randomness } from '../../effects/randomness.ts';
import type { Logger } from '../../effects/telemetry.ts';
import {
  type EventLog,
  type Following,
  type GroupDescription,
  type LogIdentity,
  type LogRecord,
  LogUnavailableError,
  type Membership,
  type NewRecord,
  OffsetOutOfRangeError,
  type PartitionRange,
  type ReadRange,
  type TopicPartition,
  type TopicPartitionOffset,
} from '../event-log.ts';
import { Appender } from './appender.ts';
import type { BrokerClient } from './broker-client.ts';
import { asUnavailable, BrokerFailure } from './broker-failure.ts';
import { ConsumerGroups } from './consumer-groups.ts';
import { holdPartitions } from './generation.ts';
import { GroupSession, type Joined } from './group-session.ts';
import { KafkaMembership } from './kafka-membership.ts';
import type { ReaderOptions } from './log-reader.ts';
import { Offsets } from './offsets.ts';
import { readOn, readRange } from './readings.ts';
import { defaultLimits } from './record-queue.ts';
import type { TopicDirectory } from './topic-directory.ts';
import { readConfiguration } from './topic-settings.ts';

export interface KafkaLogOptions {
  /** For questions, not for what waits. Closed with the log, as is the directory. */
  readonly client: BrokerClient;
  readonly directory: TopicDirectory;
  readonly topicIds: ReadonlyMap<TopicName, string>;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly randomness: Randomness;
  connect(purpose: 'write' | 'read' | 'group'): BrokerClient;
}

export class KafkaLog implements EventLog {
  readonly #options: KafkaLogOptions;
  readonly #appender: Appender;
  readonly #offsets: Offsets;
  readonly #groups: ConsumerGroups;
  readonly #reader: ReaderOptions;
  readonly #memberships = new Set<Membership>();
  readonly #closing = new AbortController();

  constructor(options: KafkaLogOptions) {
    const { client, directory, connect } = options;
    this.#options = options;
    this.#appender = new Appender({ ...options, connect: () => connect('write') });
    this.#offsets = new Offsets(client, directory);
    this.#groups = new ConsumerGroups(client, directory.names);
    this.#reader = { ...options, offsets: this.#offsets, connect: () => connect('read') };
  }

  async identity(): Promise<LogIdentity> {
    const { directory } = this.#options;
    const { id, topics } = await directory.ask();
    const names = Object.keys(directory.names) as TopicName[];
    const ids = await Promise.all(
      names.map(async (topic) => [topic, (topics.get(topic) ?? (await directory.topic(topic))).id] as const),
    );
    return { clusterId: id, topicIds: Object.fromEntries(ids) as Record<TopicName, string> };
  }

  async partitions(topic: TopicName): Promise<number> {
    return (await this.#options.directory.topic(topic)).leaders.length;
  }

  append(records: readonly NewRecord[]): Promise<readonly TopicPartitionOffset[]> {
    return this.#appender.append(records);
  }

  read(range: ReadRange): AsyncIterable<readonly LogRecord[]> {
    return readRange(this.#reader, range, this.#closing.signal);
  }

  follow(topic: TopicName, from: readonly TopicPartitionOffset[]): Following {
    const ended = new AbortController();
    const positions = from.filter((position) => position.topic === topic);
    const until = AbortSignal.any([ended.signal, this.#closing.signal]);
    const batches = readOn(this.#reader, positions, defaultLimits, until);
    return { [Symbol.asyncIterator]: () => batches, close: async () => ended.abort() };
  }

  async join(group: string, topics: readonly TopicName[]): Promise<Membership> {
    if (this.#closing.signal.aborted) throw new LogUnavailableError('the log is closed');
    const { directory, clock, randomness, connect, logger } = this.#options;
    const { names } = directory;
    const client = connect('group');
    const session = new GroupSession({
      client,
      clock,
      group,
      topics: topics.map((topic) => names[topic]),
      partitions: async (when) => {
        const { topics: known } = await (when === 'now' ? directory.ask() : directory.known());
        return new Map([...known.values()].map(({ name, leaders }) => [name, leaders.length]));
      },
    });
    const places = ({ partitions }: Joined): readonly TopicPartition[] =>
      partitions.flatMap(({ topic: name, partition }) => {
        const topic = topics.find((each) => names[each] === name);
        return topic ? [{ topic, partition }] : [];
      });
    const membership = new KafkaMembership({
      session,
      clock,
      randomness,
      logger: logger.child({ group }),
      places,
      hold: (joined, lost) =>
        holdPartitions({
          joined,
          partitions: places(joined),
          lost,
          session,
          names,
          clock,
          reader: this.#reader,
        }),
      left: () => {
        client.close();
        this.#memberships.delete(membership);
      },
    });
    this.#memberships.add(membership);
    return membership;
  }

  ranges(topic: TopicName): Promise<readonly PartitionRange[]> {
    return this.#offsets.ranges(topic);
  }

  offsetsAt(topic: TopicName, timestamp: number): Promise<readonly TopicPartitionOffset[]> {
    return this.#offsets.at(topic, timestamp);
  }

  groups(): Promise<readonly GroupDescription[]> {
    return this.#groups.describe();
  }

  setGroupOffsets(group: string, offsets: readonly TopicPartitionOffset[]): Promise<'set' | 'active'> {
    return this.#groups.setOffsets(group, offsets);
  }

  async configuration(topic: TopicName): Promise<Readonly<Record<string, string>>> {
    const name = this.#options.directory.names[topic];
    const found = await readConfiguration(this.#options.client, [name]);
    return found.get(name) ?? {};
  }

  async trim(topic: TopicName, partition: number, before: number): Promise<number> {
    const { client, directory } = this.#options;
    const topics = [{ name: directory.names[topic], partitions: [{ partition, offset: BigInt(before) }] }];
    try {
      const deleted = await client.administer((admin) => admin.deleteRecords({ topics }));
      return Number(deleted[0]?.partitions[0]?.lowWatermark);
    } catch (error) {
      if (!(error instanceof BrokerFailure)) throw error;
      if (error.is('POLICY_VIOLATION')) {
        throw new Error(`records of ${topic} cannot be trimmed: ${error.message}`, { cause: error });
      }
      const range = error.is('OFFSET_OUT_OF_RANGE') ? (await this.ranges(topic))[partition] : undefined;
      if (range) throw new OffsetOutOfRangeError({ topic, partition, offset: before }, range);
      throw asUnavailable(error, `${topic}/${partition} cannot be trimmed`);
    }
  }

  /** Ends readers and members at once; what is being appended is settled first, which has its own bound. */
  async close(): Promise<void> {
    if (this.#closing.signal.aborted) return;
    this.#closing.abort();
    await Promise.all([...this.#memberships].map((membership) => membership.leave()));
    await this.#appender.close();
    this.#options.directory.close();
    this.#options.client.close();
  }
}
