import { IncrementalAlterConfigOperationTypes } from '@platformatic/kafka';
import type { TopicName } from '../../contracts/topics.ts';
import type { Clock } from '../../effects/clock.ts';
import { LogUnavailableError } from '../event-log.ts';
import type { TopicAdministration, TopicDescription } from '../topic-administration.ts';
import type { TopicConfiguration } from '../topic-configuration.ts';
import type { BrokerClient } from './broker-client.ts';
import { asUnavailable, BrokerFailure } from './broker-failure.ts';
import type { KnownTopic, TopicDirectory } from './topic-directory.ts';
import { readConfiguration, topicResource } from './topic-settings.ts';

const lookEveryMs = 50;
const madeWithinMs = 30_000;
const shownWithinMs = 2_000;

export class KafkaTopics implements TopicAdministration {
  readonly #client: BrokerClient;
  readonly #directory: TopicDirectory;
  readonly #clock: Clock;

  constructor(client: BrokerClient, directory: TopicDirectory, clock: Clock) {
    this.#client = client;
    this.#directory = directory;
    this.#clock = clock;
  }

  async brokers(): Promise<number> {
    return (await this.#directory.ask()).brokers.length;
  }

  async describe(topics: readonly TopicName[]): Promise<readonly TopicDescription[]> {
    const known = (await this.#directory.ask()).topics;
    const found = topics.flatMap((topic) => known.get(topic) ?? []);
    if (found.length === 0) return [];
    const configurations = await readConfiguration(
      this.#client,
      found.map(({ name }) => name),
    );
    return found.map(({ topic, name, id, leaders, replicationFactor }) => ({
      topic,
      name,
      id,
      partitions: leaders.length,
      replicationFactor,
      config: configurations.get(name) ?? {},
    }));
  }

  async create(
    topic: TopicName,
    declared: TopicConfiguration,
    replicationFactor: number,
  ): Promise<'created' | 'exists'> {
    const name = this.#directory.names[topic];
    try {
      await this.#client.administer((admin) =>
        admin.createTopics({
          topics: [{ topic: name, partitions: declared.partitions, replicas: replicationFactor }],
          configs: Object.entries(declared.config).map(([key, value]) => ({ name: key, value })),
        }),
      );
    } catch (error) {
      if (error instanceof BrokerFailure && error.is('TOPIC_ALREADY_EXISTS')) return 'exists';
      throw asUnavailable(error, `the topic ${name} cannot be made`);
    }
    await this.#untilLed(topic);
    return 'created';
  }

  async configure(topic: TopicName, config: Readonly<Record<string, string>>): Promise<void> {
    const name = this.#directory.names[topic];
    const configs = Object.entries(config).map(([key, value]) => ({
      name: key,
      value,
      configOperation: IncrementalAlterConfigOperationTypes.SET,
    }));
    try {
      await this.#client.administer((admin) =>
        admin.incrementalAlterConfigs({
          resources: [{ resourceType: topicResource, resourceName: name, configs }],
        }),
      );
    } catch (error) {
      throw asUnavailable(error, `the topic ${name} cannot be configured`);
    }
    await this.#untilShown(topic, config);
  }

  async close(): Promise<void> {
    this.#directory.close();
    this.#client.close();
  }

  /**
   * A controller takes a change before the brokers show it, and what is described next should have it. A broker that words
   * a value in its own way never shows it as it was set: the change was taken all the same.
   */
  async #untilShown(topic: TopicName, config: Readonly<Record<string, string>>): Promise<void> {
    const began = this.#clock.monotonic();
    const isShown = ([shown]: readonly TopicDescription[]) =>
      Object.entries(config).every(([key, value]) => shown?.config[key] === value);
    while (!isShown(await this.describe([topic])) && this.#clock.monotonic() - began < shownWithinMs) {
      await this.#clock.sleep(lookEveryMs);
    }
  }

  /** A topic is made before its partitions have leaders; until then nothing can be written. */
  async #untilLed(topic: TopicName): Promise<void> {
    const began = this.#clock.monotonic();
    const isLed = (known: KnownTopic | undefined) => known?.leaders.every((leader) => leader !== undefined);
    while (!isLed((await this.#directory.ask()).topics.get(topic))) {
      if (this.#clock.monotonic() - began > madeWithinMs) {
        throw new LogUnavailableError(
          `the topic ${this.#directory.names[topic]} was made and has no leaders yet`,
        );
      }
      await this.#clock.sleep(lookEveryMs);
    }
  }
}
