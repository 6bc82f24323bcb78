import {
  type Broker,
  decodeConsumerProtocolAssignment,
  decodeConsumerProtocolSubscription,
  encodeConsumerProtocolAssignment,
  encodeConsumerProtocolSubscription,
} from '@platformatic/kafka';
import type { Clock } from '../../effects/clock.ts';
import { assign } from '../assignment.ts';
import type { BrokerClient } from './broker-client.ts';
import { BrokerFailure } from './broker-failure.ts';
import type { Answer } from './protocol.ts';
import { within } from './within.ts';

/** Milliseconds: a member that is silent for the session is removed, and a rebalance waits for the others so long. */
export const groupTimes = { session: 6_000, heartbeat: 1_000, rebalance: 10_000 } as const;

/** A partition by the broker's name of its topic. */
export interface NamedPartition {
  readonly topic: string;
  readonly partition: number;
}

/** What a member was given in one generation of its group. */
export interface Joined {
  readonly member: string;
  readonly generation: number;
  readonly partitions: readonly NamedPartition[];
}

export interface GroupSessionOptions {
  readonly client: BrokerClient;
  readonly clock: Clock;
  readonly group: string;
  /** The broker's names of the topics that are subscribed. */
  readonly topics: readonly string[];
  /** Counts of partitions: asked for `now` when this member divides them, else as last heard. */
  partitions(when: 'now' | 'last'): Promise<ReadonlyMap<string, number>>;
}

/** Errors that say that the generation is over, and no more than that: the group is joined again at once. */
const overIds = ['REBALANCE_IN_PROGRESS', 'ILLEGAL_GENERATION', 'UNKNOWN_MEMBER_ID', 'FENCED_INSTANCE_ID'];
const assignor = 'range';
const protocolType = 'consumer';
const groupKey = 0;
const answerMs = 3_000;
/** A join waits at the broker until all members have come. */
const joinMs = groupTimes.rebalance + 5_000;

export const isOver = (error: unknown): boolean => error instanceof BrokerFailure && error.is(...overIds);

/** One member's exchanges with the coordinator of its group, each sent once. */
export class GroupSession {
  readonly #options: GroupSessionOptions;
  #coordinator: Broker | undefined;
  #member = '';
  /** What this member divided as the leader of the group; null where another one did. */
  #divided: ReadonlyMap<string, number> | null = null;

  constructor(options: GroupSessionOptions) {
    this.#options = options;
  }

  /** Joins and gets its partitions. @throws BrokerFailure, OverdueError */
  async join(): Promise<Joined> {
    const joined = await this.#join();
    const { memberId: member, generationId: generation, leader } = joined;
    this.#divided = null;
    const assignments = leader === member ? await this.#divide(joined) : [];
    const protocol = joined.protocolName ?? assignor;
    const { assignment } = await this.#exchange(joinMs, (client, coordinator) =>
      client.call(
        'SyncGroup',
        coordinator,
        this.#group,
        generation,
        member,
        null,
        protocolType,
        protocol,
        assignments,
      ),
    );
    const held = assignment.length > 0 ? decodeConsumerProtocolAssignment(assignment).assignedPartitions : [];
    return {
      member,
      generation,
      partitions: held.flatMap(({ topic, partitions }) =>
        partitions.map((partition) => ({ topic, partition })),
      ),
    };
  }

  /** Resolves when the coordinator has confirmed the generation. */
  async heartbeat({ member, generation }: Joined): Promise<void> {
    await this.#exchange(answerMs, (client, coordinator) =>
      client.call('Heartbeat', coordinator, this.#group, generation, member, null),
    );
  }

  /**
   * Whether the topics have another number of partitions than this member divided: nobody holds those that were added.
   * As with other clients the leader alone looks; when it joins again the whole group does.
   */
  async isOutgrown(): Promise<boolean> {
    const divided = this.#divided;
    if (divided === null) return false;
    const counts = await this.#options.partitions('last');
    return this.#options.topics.some((name) => counts.has(name) && counts.get(name) !== divided.get(name));
  }

  async commit(
    { member, generation }: Joined,
    offsets: readonly (NamedPartition & { readonly offset: number })[],
  ): Promise<void> {
    const topics = [...Map.groupBy(offsets, ({ topic }) => topic)].map(([name, places]) => ({
      name,
      partitions: places.map(({ partition, offset }) => ({
        partitionIndex: partition,
        committedOffset: BigInt(offset),
        committedLeaderEpoch: -1,
        committedMetadata: null,
      })),
    }));
    await this.#exchange(answerMs, (client, coordinator) =>
      client.call('OffsetCommit', coordinator, this.#group, generation, member, null, topics),
    );
  }

  /** Leaves at once where the coordinator can be reached; where not, the session's end does it. */
  async leave(ms: number): Promise<void> {
    if (this.#member === '') return;
    const members = [{ memberId: this.#member }];
    // A join that waits would hold this up in its connection.
    this.#options.client.reset();
    await this.#exchange(ms, (client, coordinator) =>
      client.call('LeaveGroup', coordinator, this.#group, members),
    );
  }

  get #group(): string {
    return this.#options.group;
  }

  async #join(): Promise<Answer<'JoinGroup'>> {
    const metadata = encodeConsumerProtocolSubscription({ version: 0, topics: [...this.#options.topics] });
    const protocols = [{ name: assignor, metadata }];
    try {
      const { session, rebalance } = groupTimes;
      const joined = await this.#exchange(joinMs, (client, coordinator) =>
        client.call(
          'JoinGroup',
          coordinator,
          this.#group,
          session,
          rebalance,
          this.#member,
          null,
          protocolType,
          protocols,
        ),
      );
      this.#member = joined.memberId;
      return joined;
    } catch (error) {
      if (!(error instanceof BrokerFailure)) throw error;
      if (error.is('UNKNOWN_MEMBER_ID')) this.#member = '';
      // The broker names a new member first and takes it in when it comes with its name.
      if (!error.is('MEMBER_ID_REQUIRED')) throw error;
      this.#member = (error.response as Answer<'JoinGroup'>).memberId;
      return await this.#join();
    }
  }

  /** As the leader of the group: gives all its members their partitions. */
  async #divide({ members }: Answer<'JoinGroup'>) {
    const counts = await this.#options.partitions('now');
    this.#divided = counts;
    const subscribers = members
      .map(({ memberId, metadata }) => ({
        member: memberId,
        topics: decodeConsumerProtocolSubscription(metadata).topics,
      }))
      .sort((a, b) => (a.member < b.member ? -1 : 1));
    return [...assign(subscribers, (topic) => counts.get(topic) ?? 0)].map(([memberId, held]) => ({
      memberId,
      assignment: encodeConsumerProtocolAssignment({
        version: 0,
        assignedPartitions: [...Map.groupBy(held, ({ topic }) => topic)].map(([topic, places]) => ({
          topic,
          partitions: places.map(({ partition }) => partition),
        })),
      }),
    }));
  }

  /** One exchange with the coordinator, bounded; whatever goes wrong, the coordinator is looked for anew. */
  async #exchange<T>(
    ms: number,
    work: (client: BrokerClient, coordinator: Broker) => Promise<T>,
  ): Promise<T> {
    const { client, clock } = this.#options;
    const exchange = async () => {
      this.#coordinator ??= await this.#findCoordinator();
      return await work(client, this.#coordinator);
    };
    try {
      return await within(clock, ms, exchange());
    } catch (error) {
      if (isOver(error) || (error instanceof BrokerFailure && error.is('MEMBER_ID_REQUIRED'))) throw error;
      this.#coordinator = undefined;
      if (!(error instanceof BrokerFailure)) client.reset();
      throw error;
    }
  }

  async #findCoordinator(): Promise<Broker> {
    const { coordinators } = await this.#options.client.call('FindCoordinator', 'any', groupKey, [
      this.#group,
    ]);
    const [found] = coordinators;
    if (!found) throw new BrokerFailure(new Error(`the group ${this.#group} has no coordinator`), true);
    return { host: found.host, port: found.port };
  }
}
