import { type TopicName, topicNames } from '../../../src/contracts/topics.ts';
import {
  type NewRecord,
  type PartitionRange,
  RecordTooLargeError,
  type TopicPartition,
  type TopicPartitionOffset,
} from '../../../src/log/event-log.ts';
import { partitionOf } from '../../../src/log/murmur2.ts';
import { declaredTopics, type TopicConfiguration } from '../../../src/log/topic-configuration.ts';
import { SimulatedGroup } from './simulated-group.ts';
import { type Send, SimulatedPartition } from './simulated-partition.ts';

interface Topic {
  id: string;
  readonly declared: TopicConfiguration;
  partitions: readonly SimulatedPartition[];
}

/** Topics and groups, in memory and without faults of its own: those belong to the way there. */
export class SimulatedBroker {
  /** Nothing is answered while true. */
  away = false;
  readonly clusterId = 'simulated-cluster';
  readonly #topics = new Map<TopicName, Topic>();
  readonly #groups = new Map<string, SimulatedGroup>();
  readonly #now: () => number;
  #made = 0;
  #born = 0;

  constructor(now: () => number, overrides: Partial<Record<TopicName, TopicConfiguration>> = {}, salt = '') {
    this.#now = now;
    const declared = { ...declaredTopics('development'), ...overrides };
    for (const name of topicNames) {
      this.#topics.set(name, { id: `${salt}${name}`, declared: declared[name], partitions: [] });
      this.recreate(name, salt);
    }
  }

  topicId(topic: TopicName): string {
    return this.#topic(topic).id;
  }

  partitions(topic: TopicName): readonly SimulatedPartition[] {
    return this.#topic(topic).partitions;
  }

  partition({ topic, partition }: TopicPartition): SimulatedPartition {
    const found = this.#topic(topic).partitions[partition];
    if (!found) throw new Error(`there is no ${topic}/${partition}`);
    return found;
  }

  ranges(topic: TopicName): readonly PartitionRange[] {
    return this.partitions(topic).map(({ range }) => range);
  }

  configuration(topic: TopicName): Readonly<Record<string, string>> {
    return this.#topic(topic).declared.config;
  }

  /** All or nothing; the records of one call stand together in their partitions. */
  append(records: readonly NewRecord[], send: Send): readonly TopicPartitionOffset[] {
    for (const record of records) {
      const limit = Number(this.configuration(record.topic)['max.message.bytes'] ?? 1_048_588);
      if ((record.value?.byteLength ?? 0) + record.key.length > limit) {
        throw new RecordTooLargeError(`a record of ${record.topic} is over its ${limit} bytes`);
      }
    }
    return records.map((record) => {
      const partitions = this.partitions(record.topic);
      const partition = partitionOf(Buffer.from(record.key), partitions.length);
      const { topic } = record;
      return {
        topic,
        partition,
        offset: this.partition({ topic, partition }).append(record, this.#now(), send),
      };
    });
  }

  group(name: string): SimulatedGroup {
    const group =
      this.#groups.get(name) ?? new SimulatedGroup((topic) => this.#topic(topic).declared.partitions);
    this.#groups.set(name, group);
    return group;
  }

  get groups(): ReadonlyMap<string, SimulatedGroup> {
    return this.#groups;
  }

  /** Deletes a topic and makes it again: empty, with an id of its own. */
  recreate(topic: TopicName, salt = ''): void {
    const found = this.#topic(topic);
    this.#made += 1;
    found.id = `${salt}${topic}-${this.#made}`;
    found.partitions = Array.from(
      { length: found.declared.partitions },
      (_, partition) => new SimulatedPartition(topic, partition),
    );
  }

  nextName(kind: string): string {
    this.#born += 1;
    return `${kind}-${this.#born}`;
  }

  #topic(name: TopicName): Topic {
    const topic = this.#topics.get(name);
    if (!topic) throw new Error(`there is no topic ${name}`);
    return topic;
  }
}
