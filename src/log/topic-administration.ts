import type { TopicName } from '../contracts/topics.ts';
import type { TopicConfiguration } from './topic-configuration.ts';

/** A topic as its broker has it. */
export interface TopicDescription {
  readonly topic: TopicName;
  /** The broker's name for it: a branch's output topics carry a suffix. */
  readonly name: string;
  readonly id: string;
  readonly partitions: number;
  readonly replicationFactor: number;
  /** Effective values, in Kafka's names, defaults of the broker included. */
  readonly config: Readonly<Record<string, string>>;
}

/**
 * Creating and changing topics on a broker, apart from the log itself: it has to work while topics are missing. The
 * embedded log has no need of it, since it declares its topics whenever it is opened.
 */
export interface TopicAdministration {
  /** How many brokers there are: replication cannot be more. */
  brokers(): Promise<number>;
  /** Those of the topics that exist. */
  describe(topics: readonly TopicName[]): Promise<readonly TopicDescription[]>;
  /** Resolves once the topic can be written. `exists` when somebody else made it meanwhile. */
  create(
    topic: TopicName,
    declared: TopicConfiguration,
    replicationFactor: number,
  ): Promise<'created' | 'exists'>;
  /** Sets these values and leaves all others alone. Resolves once `describe` shows them. */
  configure(topic: TopicName, config: Readonly<Record<string, string>>): Promise<void>;
  close(): Promise<void>;
}
