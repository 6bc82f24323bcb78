import type { TopicName } from '../../contracts/topics.ts';
import type { Clock } from '../../effects/clock.ts';
import type { Logger } from '../../effects/telemetry.ts';
import {
  LogUnavailableError,
  type NewRecord,
  type TopicPartition,
  type TopicPartitionOffset,
} from '../event-log.ts';
import type { BrokerClient } from './broker-client.ts';
import { type EncodedRecord, encodeRecord } from './encode-record.ts';
import { PartitionWriter } from './partition-writer.ts';
import { ProduceLanes } from './produce-lanes.ts';
import type { KnownTopic, TopicDirectory } from './topic-directory.ts';
import { within } from './within.ts';

export interface AppenderOptions {
  readonly directory: TopicDirectory;
  readonly clock: Clock;
  readonly logger: Logger;
  /** Topic ids as they were when the log was opened. */
  readonly topicIds: ReadonlyMap<TopicName, string>;
  connect(): BrokerClient;
}

/** An append is settled by then: whoever posts a webhook hears 503 within two seconds. */
const settleMs = 1_400;
/** What a record may take on top: 26 MB over a slow line are no hanging broker. */
const slowestBytesPerMs = 10_000;

/** Hands records to the writers of their partitions and puts their places together again. */
export class Appender {
  readonly #options: AppenderOptions;
  readonly #lanes: ProduceLanes;
  readonly #writers = new Map<string, PartitionWriter>();
  readonly #topicIds: Map<TopicName, string>;
  #closed = false;

  constructor(options: AppenderOptions) {
    this.#options = options;
    this.#lanes = new ProduceLanes(options.connect);
    this.#topicIds = new Map(options.topicIds);
  }

  async append(records: readonly NewRecord[]): Promise<readonly TopicPartitionOffset[]> {
    if (records.length === 0) return [];
    const { clock, directory } = this.#options;
    this.#assertOpen();
    const until = clock.monotonic() + settleMs;
    const topics = new Map<TopicName, KnownTopic>();
    for (const topic of new Set(records.map((record) => record.topic))) {
      const known =
        directory.last()?.topics.get(topic) ?? (await this.#within(until, directory.topic(topic)));
      topics.set(topic, this.#sameAsBefore(known));
    }
    this.#assertOpen();
    const now = clock.now();
    const encoded = records.map((record) => {
      const { name, leaders } = topics.get(record.topic)!;
      return { topic: record.topic, ...encodeRecord(record, { name, partitions: leaders.length }, now) };
    });
    return await this.#write(encoded, until);
  }

  async close(): Promise<void> {
    this.#closed = true;
    await Promise.all([...this.#writers.values()].map((writer) => writer.close()));
    this.#lanes.close();
  }

  async #write(
    records: readonly (EncodedRecord & { readonly topic: TopicName })[],
    until: number,
  ): Promise<readonly TopicPartitionOffset[]> {
    const places: TopicPartitionOffset[] = new Array(records.length);
    const errors: Error[] = [];
    const { promise, resolve } = Promise.withResolvers<void>();
    let open = records.length;
    const settled = () => {
      open -= 1;
      if (open === 0) resolve();
    };
    const groups = Map.groupBy(records.entries(), ([, { topic, partition }]) => `${topic}/${partition}`);
    for (const [name, group] of groups) {
      const [, { topic, partition }] = group[0]!;
      const writer = this.#writer(name, { topic, partition });
      const bytes = group.reduce((sum, [, record]) => sum + record.bytes, writer.waitingBytes);
      const deadline = until + bytes / slowestBytesPerMs;
      writer.write(
        group.map(([index, record]) => ({
          message: record.message,
          bytes: record.bytes,
          deadline,
          placed: (offset) => {
            places[index] = { topic, partition, offset };
            settled();
          },
          failed: (error) => {
            errors.push(error);
            settled();
          },
        })),
      );
    }
    await promise;
    // An unknown outcome says more to the caller than a record that will never fit.
    const error = errors.find((each) => each instanceof LogUnavailableError) ?? errors[0];
    if (error) throw error;
    return places;
  }

  #writer(name: string, place: TopicPartition): PartitionWriter {
    const found = this.#writers.get(name);
    if (found) return found;
    const { directory, clock } = this.#options;
    const writer = new PartitionWriter(place, this.#lanes, directory, clock);
    this.#writers.set(name, writer);
    return writer;
  }

  /**
   * Refuses once when the topic is another one than before: whoever keeps account of what it wrote has to look again.
   * What comes after that goes into the new topic, which is the only one there is.
   */
  #sameAsBefore(topic: KnownTopic): KnownTopic {
    const before = this.#topicIds.get(topic.topic);
    this.#topicIds.set(topic.topic, topic.id);
    if (before === undefined || before === topic.id) return topic;
    const said = `the topic ${topic.name} was deleted and made anew (${before} is ${topic.id} now)`;
    this.#options.logger.error({ topic: topic.name, before, now: topic.id }, said);
    throw new LogUnavailableError(said);
  }

  async #within<T>(until: number, work: Promise<T>): Promise<T> {
    const { clock } = this.#options;
    return await within(clock, Math.max(0, until - clock.monotonic()), work).catch((error: unknown) => {
      if (error instanceof LogUnavailableError) throw error;
      throw new LogUnavailableError('the brokers do not answer', { cause: error });
    });
  }

  #assertOpen(): void {
    if (this.#closed) throw new LogUnavailableError('the log is closed');
  }
}
