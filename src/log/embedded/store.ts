import type { DatabaseSync, StatementSync } from 'node:sqlite';
import type { TopicName } from '../../contracts/topics.ts';
import type { Randomness } from '../../effects/randomness.ts';
import { type LogIdentity, LogUnavailableError, type TopicPartition } from '../event-log.ts';
import type { TopicConfiguration } from '../topic-configuration.ts';
import { Arrivals } from './arrivals.ts';
import { policyOf } from './cleanup-policy.ts';
import { Partition } from './partition.ts';
import { clusterId, ensureTopic, openFile } from './schema.ts';
import { asUnavailable } from './unavailable.ts';

export type DeclaredTopics = Readonly<Record<TopicName, TopicConfiguration>>;

/** The open file: its topics, and the only way to change it. */
export class Store {
  readonly db: DatabaseSync;
  readonly identity: LogIdentity;
  readonly arrivals = new Arrivals();
  readonly #topics = new Map<TopicName, readonly Partition[]>();
  readonly #begin: StatementSync;
  readonly #commit: StatementSync;

  constructor(file: string, declared: DeclaredTopics, randomness: Randomness) {
    this.db = openFile(file);
    try {
      this.db.exec('begin immediate');
      const names = Object.keys(declared) as TopicName[];
      const topicIds = names.map((topic) => [topic, this.#openTopic(topic, declared[topic], randomness)]);
      this.identity = {
        clusterId: clusterId(this.db, randomness),
        topicIds: Object.fromEntries(topicIds),
      };
      this.db.exec('commit');
      this.#begin = this.db.prepare('begin immediate');
      this.#commit = this.db.prepare('commit');
    } catch (error) {
      this.db.close();
      throw error;
    }
  }

  #openTopic(topic: TopicName, declared: TopicConfiguration, randomness: Randomness): string {
    const compacted = policyOf(declared.config).compact !== undefined;
    const tables = ensureTopic(this.db, { topic, partitions: declared.partitions, compacted }, randomness);
    const partitions = tables.partitions.map(
      (row, partition) => new Partition(this.db, { topic, partition }, row),
    );
    this.#topics.set(topic, partitions);
    return tables.topicId;
  }

  topic(topic: TopicName): readonly Partition[] {
    if (!this.db.isOpen) throw new LogUnavailableError('the log is closed');
    const partitions = this.#topics.get(topic);
    if (partitions === undefined) throw new Error(`the log has no topic ${topic}`);
    return partitions;
  }

  partition(place: TopicPartition): Partition {
    const partition = this.topic(place.topic)[place.partition];
    if (partition === undefined) throw new Error(`${place.topic} has no partition ${place.partition}`);
    return partition;
  }

  get partitions(): readonly Partition[] {
    return [...this.#topics.values()].flat();
  }

  /**
   * Runs `work` in one durable transaction, or changes nothing.
   * @throws LogUnavailableError when the file cannot be written now
   */
  transaction<T>(work: () => T): T {
    if (!this.db.isOpen) throw new LogUnavailableError('the log is closed');
    let result: T;
    try {
      this.#begin.run();
      result = work();
      this.#commit.run();
    } catch (error) {
      // SQLite has already rolled back after some errors, a full disk among them.
      if (this.db.isTransaction) this.db.exec('rollback');
      for (const partition of this.partitions) partition.restore();
      throw asUnavailable(error);
    }
    const grown = this.partitions.map((partition) => partition.keep().grown);
    if (grown.includes(true)) this.arrivals.announce();
    return result;
  }

  close(): void {
    if (this.db.isOpen) this.db.close();
  }
}
