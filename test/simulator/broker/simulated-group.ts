import type { TopicName } from '../../../src/contracts/topics.ts';
import { assign } from '../../../src/log/assignment.ts';
import type { GroupDescription, TopicPartition, TopicPartitionOffset } from '../../../src/log/event-log.ts';

interface Member {
  readonly topics: readonly TopicName[];
  generation: number;
  partitions: readonly TopicPartition[];
}

/**
 * A consumer group as its coordinator sees it. Every change of members hands the partitions out anew at once; the
 * former holders hear of it later, and a frozen one much later.
 */
export class SimulatedGroup {
  readonly committed = new Map<string, TopicPartitionOffset>();
  readonly #members = new Map<string, Member>();
  readonly #partitions: (topic: TopicName) => number;
  #generation = 0;

  constructor(partitions: (topic: TopicName) => number) {
    this.#partitions = partitions;
  }

  get members(): readonly string[] {
    return [...this.#members.keys()];
  }

  join(member: string, topics: readonly TopicName[]): void {
    this.#members.set(member, { topics, generation: 0, partitions: [] });
    this.rebalance();
  }

  leave(member: string): void {
    if (this.#members.delete(member)) this.rebalance();
  }

  /** 0 when the group does not know the member: it was given up for dead. */
  generationOf(member: string): number {
    return this.#members.get(member)?.generation ?? 0;
  }

  partitionsOf(member: string): readonly TopicPartition[] {
    return this.#members.get(member)?.partitions ?? [];
  }

  rebalance(): void {
    this.#generation += 1;
    const subscribers = [...this.#members].map(([member, { topics }]) => ({ member, topics }));
    const assigned = assign(subscribers, this.#partitions);
    for (const [name, member] of this.#members) {
      member.generation = this.#generation;
      member.partitions = assigned.get(name) ?? [];
    }
  }

  commit(offsets: readonly TopicPartitionOffset[]): void {
    for (const { topic, partition, offset } of offsets) {
      this.committed.set(`${topic}/${partition}`, { topic, partition, offset });
    }
  }

  describe(group: string): GroupDescription {
    return {
      group,
      state: this.#members.size > 0 ? 'active' : 'empty',
      members: [...this.#members].map(([member, { partitions }]) => ({ member, partitions })),
      committed: [...this.committed.values()],
    };
  }
}
