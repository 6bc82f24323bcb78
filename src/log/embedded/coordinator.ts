import type { TopicName } from '../../contracts/topics.ts';
import { assign, type Subscriber } from '../assignment.ts';
import type { Generation, GroupDescription, Membership, TopicPartition } from '../event-log.ts';
import { Member } from '../member.ts';

/** What a generation can do with the partitions it holds; the log gives it. */
export type HoldPartitions = (held: {
  readonly group: string;
  readonly id: number;
  readonly member: string;
  readonly partitions: readonly TopicPartition[];
  readonly lost: AbortSignal;
}) => Generation;

interface Group {
  generation: number;
  readonly members: Map<string, { readonly subscriber: Subscriber<TopicName>; readonly member: Member }>;
}

/**
 * The groups of this process. Every join and leave ends the generation of all members of the group first and
 * then hands out the next, so no two members ever hold one partition.
 */
export class Coordinator {
  readonly #groups = new Map<string, Group>();
  readonly #partitions: (topic: TopicName) => number;
  readonly #hold: HoldPartitions;

  constructor(partitions: (topic: TopicName) => number, hold: HoldPartitions) {
    this.#partitions = partitions;
    this.#hold = hold;
  }

  join(group: string, member: string, topics: readonly TopicName[]): Membership {
    const joined = new Member(() => this.#leave(group, member));
    const found = this.#groups.get(group) ?? { generation: 0, members: new Map() };
    this.#groups.set(group, found);
    found.members.set(member, { subscriber: { member, topics }, member: joined });
    this.#rebalance(group, found);
    return joined;
  }

  active(group: string): boolean {
    return this.#groups.has(group);
  }

  members(group: string): GroupDescription['members'] {
    const members = [...(this.#groups.get(group)?.members ?? [])];
    return members.map(([name, { member }]) => ({ member: name, partitions: member.partitions }));
  }

  get groups(): readonly string[] {
    return [...this.#groups.keys()];
  }

  async close(): Promise<void> {
    const members = [...this.#groups.values()].flatMap(({ members }) => [...members.values()]);
    this.#groups.clear();
    for (const { member } of members) await member.leave();
  }

  #leave(group: string, member: string): void {
    const found = this.#groups.get(group);
    if (!found?.members.delete(member)) return;
    if (found.members.size === 0) this.#groups.delete(group);
    else this.#rebalance(group, found);
  }

  #rebalance(name: string, group: Group): void {
    group.generation += 1;
    const id = group.generation;
    const entries = [...group.members.values()];
    const assigned = assign(
      entries.map(({ subscriber }) => subscriber),
      this.#partitions,
    );
    for (const { member } of entries) member.revoke();
    for (const { member, subscriber } of entries) {
      const partitions = assigned.get(subscriber.member) ?? [];
      member.give(partitions, (lost) =>
        this.#hold({ group: name, id, member: subscriber.member, partitions, lost }),
      );
    }
  }
}
