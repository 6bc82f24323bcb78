import type { ListConsumerGroupOffsetsGroup } from '@platformatic/kafka';
import type { TopicName } from '../../contracts/topics.ts';
import type { GroupDescription, TopicPartition, TopicPartitionOffset } from '../event-log.ts';
import type { BrokerClient } from './broker-client.ts';
import { asUnavailable, BrokerFailure } from './broker-failure.ts';
import { type DescribedMember, describeMembers } from './describe-members.ts';
import type { TopicNames } from './topic-directory.ts';

/** The coordinator's refusal to set offsets beside members. */
const hasMembers = ['UNKNOWN_MEMBER_ID', 'ILLEGAL_GENERATION', 'REBALANCE_IN_PROGRESS'];
const none = -1;

/** Groups on the brokers that have to do with our topics. */
export class ConsumerGroups {
  readonly #client: BrokerClient;
  readonly #names: TopicNames;
  readonly #topics: ReadonlyMap<string, TopicName>;

  constructor(client: BrokerClient, names: TopicNames) {
    this.#client = client;
    this.#names = names;
    this.#topics = new Map(
      (Object.entries(names) as [TopicName, string][]).map(([topic, name]) => [name, topic]),
    );
  }

  async describe(): Promise<readonly GroupDescription[]> {
    try {
      const listed = await this.#list();
      const [members, committed] = await Promise.all([
        describeMembers(this.#client, listed),
        this.#committed(listed),
      ]);
      const descriptions = listed.map((group) =>
        this.#description(
          group,
          members.get(group) ?? [],
          committed.find(({ groupId }) => groupId === group),
        ),
      );
      return descriptions
        .filter(({ ours }) => ours)
        .map(({ description }) => description)
        .sort((a, b) => (a.group < b.group ? -1 : 1));
    } catch (error) {
      throw asUnavailable(error, 'the groups cannot be described');
    }
  }

  async setOffsets(group: string, offsets: readonly TopicPartitionOffset[]): Promise<'set' | 'active'> {
    const topics = [...Map.groupBy(offsets, ({ topic }) => topic)].map(([topic, places]) => ({
      name: this.#names[topic],
      partitionOffsets: places.map(({ partition, offset }) => ({ partition, offset: BigInt(offset) })),
    }));
    try {
      await this.#client.administer((admin) => admin.alterConsumerGroupOffsets({ groupId: group, topics }));
      return 'set';
    } catch (error) {
      if (error instanceof BrokerFailure && error.is(...hasMembers)) return 'active';
      throw asUnavailable(error, `the offsets of ${group} cannot be set`);
    }
  }

  /** Connect and others keep groups of their own kinds beside those of consumers. */
  async #list(): Promise<readonly string[]> {
    const groups = await this.#client.administer((admin) => admin.listGroups());
    return [...groups.values()]
      .filter(({ protocolType }) => ['consumer', ''].includes(protocolType))
      .map(({ id }) => id);
  }

  async #committed(groups: readonly string[]): Promise<readonly ListConsumerGroupOffsetsGroup[]> {
    if (groups.length === 0) return [];
    return await this.#client.administer((admin) => admin.listConsumerGroupOffsets({ groups: [...groups] }));
  }

  #description(
    group: string,
    members: readonly DescribedMember[],
    offsets: ListConsumerGroupOffsetsGroup | undefined,
  ) {
    const committed = (offsets?.topics ?? []).flatMap(({ name, partitions }): TopicPartitionOffset[] => {
      const topic = this.#topics.get(name);
      if (!topic) return [];
      return partitions
        .filter(({ committedOffset }) => Number(committedOffset) !== none)
        .map(({ partitionIndex, committedOffset }) => ({
          topic,
          partition: partitionIndex,
          offset: Number(committedOffset),
        }));
    });
    const description: GroupDescription = {
      group,
      state: members.length > 0 ? 'active' : 'empty',
      members: members.map(({ id, held }) => ({
        member: id,
        partitions: held.flatMap(({ topic, partitions }) => this.#places(topic, partitions)),
      })),
      committed: committed.sort((a, b) =>
        a.topic === b.topic ? a.partition - b.partition : a.topic < b.topic ? -1 : 1,
      ),
    };
    const subscribed = members.some((member) => member.subscribed.some((topic) => this.#topics.has(topic)));
    return { description, ours: committed.length > 0 || subscribed };
  }

  #places(name: string, partitions: readonly number[]): readonly TopicPartition[] {
    const topic = this.#topics.get(name);
    return topic ? partitions.map((partition) => ({ topic, partition })) : [];
  }
}
