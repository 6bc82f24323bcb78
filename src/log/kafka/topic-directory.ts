import type { Broker } from '@platformatic/kafka';
import type { TopicName } from '../../contracts/topics.ts';
import type { Clock } from '../../effects/clock.ts';
import type { Logger } from '../../effects/telemetry.ts';
import { LogUnavailableError, type TopicPartition } from '../event-log.ts';
import type { BrokerClient } from './broker-client.ts';
import { asUnavailable, BrokerFailure } from './broker-failure.ts';
import type { Answer } from './protocol.ts';

export type TopicNames = Readonly<Record<TopicName, string>>;

export interface KnownTopic {
  readonly topic: TopicName;
  /** What the broker calls it. */
  readonly name: string;
  readonly id: string;
  /** Leaders by partition; absent while one is being elected. */
  readonly leaders: readonly (KnownBroker | undefined)[];
  readonly replicationFactor: number;
}

export interface KnownBroker extends Broker {
  readonly node: number;
}

export interface Cluster {
  readonly id: string;
  readonly brokers: readonly KnownBroker[];
  readonly topics: ReadonlyMap<TopicName, KnownTopic>;
}

/** A leader that moved is noticed by the error it gives; this is for what gives none: a topic made anew. */
const freshForMs = 5_000;

/** What the brokers say about our topics, kept for a moment and shared by all who ask. */
export class TopicDirectory {
  readonly #client: BrokerClient;
  readonly #names: TopicNames;
  readonly #clock: Clock;
  readonly #logger: Logger;
  #known: Cluster | undefined;
  #asked = 0;
  #asking: Promise<Cluster> | undefined;

  /** The client is the directory's own: it is reset when a question is not answered. */
  constructor(client: BrokerClient, names: TopicNames, clock: Clock, logger: Logger) {
    this.#client = client;
    this.#names = names;
    this.#clock = clock;
    this.#logger = logger;
  }

  get names(): TopicNames {
    return this.#names;
  }

  /** What is known, or asked for where nothing is. */
  async known(): Promise<Cluster> {
    return this.last() ?? (await this.ask());
  }

  /** What was last heard; asks again behind it when that is old. */
  last(): Cluster | undefined {
    if (this.#known && this.#clock.monotonic() - this.#asked > freshForMs) {
      this.ask().catch((error: unknown) =>
        this.#logger.debug({ err: error }, 'the topics cannot be looked at; what was known of them is used'),
      );
    }
    return this.#known;
  }

  close(): void {
    this.#client.close();
  }

  /** Asks the brokers now; whoever asks meanwhile shares the answer. @throws LogUnavailableError */
  async ask(): Promise<Cluster> {
    this.#asking ??= this.#ask().finally(() => {
      this.#asking = undefined;
    });
    return await this.#asking;
  }

  /** @throws LogUnavailableError when the topic does not exist */
  async topic(topic: TopicName): Promise<KnownTopic> {
    const found = (await this.known()).topics.get(topic) ?? (await this.ask()).topics.get(topic);
    if (!found) throw new LogUnavailableError(`the topic ${this.#names[topic]} does not exist on the broker`);
    return found;
  }

  /** @throws LogUnavailableError when the topic does not exist; RangeError when it has no such partition */
  async leader({ topic, partition }: TopicPartition): Promise<KnownBroker | undefined> {
    const { leaders, name } = await this.topic(topic);
    if (partition < 0 || partition >= leaders.length)
      throw new RangeError(`${name} has no partition ${partition}`);
    return leaders[partition];
  }

  async #ask(): Promise<Cluster> {
    const names = Object.entries(this.#names) as [TopicName, string][];
    try {
      const answer = await this.#metadata(names.map(([, name]) => name));
      const brokers = answer.brokers.map(({ nodeId, host, port }) => ({ node: nodeId, host, port }));
      const topics = names.flatMap(([topic, name]): [TopicName, KnownTopic][] => {
        const found = answer.topics.find((each) => each.name === name);
        if (!found || found.partitions.length === 0) return [];
        const leaders: (KnownBroker | undefined)[] = [];
        for (const { partitionIndex, leaderId } of found.partitions) {
          leaders[partitionIndex] = brokers.find(({ node }) => node === leaderId);
        }
        const replicationFactor = found.partitions[0]?.replicaNodes.length ?? 0;
        return [[topic, { topic, name, id: found.topicId, leaders, replicationFactor }]];
      });
      this.#known = { id: answer.clusterId ?? '', brokers, topics: new Map(topics) };
      this.#asked = this.#clock.monotonic();
      return this.#known;
    } catch (error) {
      this.#client.reset();
      throw asUnavailable(error, 'the brokers cannot be asked for their topics');
    }
  }

  /** The answer also when some of the topics are missing or are just being made. */
  async #metadata(names: string[]): Promise<Answer<'Metadata'>> {
    try {
      return await this.#client.call('Metadata', 'any', names, false, false);
    } catch (error) {
      const partly = ['UNKNOWN_TOPIC_OR_PARTITION', 'LEADER_NOT_AVAILABLE', 'REPLICA_NOT_AVAILABLE'];
      if (!(error instanceof BrokerFailure) || !error.response) throw error;
      if ([...error.ids].some((id) => !partly.includes(id))) throw error;
      return error.response as Answer<'Metadata'>;
    }
  }
}
