import type { TopicName } from '../../contracts/topics.ts';
import { OffsetOutOfRangeError, type PartitionRange, type TopicPartitionOffset } from '../event-log.ts';
import type { BrokerClient } from './broker-client.ts';
import { asUnavailable, BrokerFailure } from './broker-failure.ts';
import type { KnownBroker, KnownTopic, TopicDirectory } from './topic-directory.ts';

/** Special timestamps of ListOffsets. */
const earliest = -2n;
const latest = -1n;
const consumer = -1;
const readUncommitted = 0;

const staleLeader = [
  'NOT_LEADER_OR_FOLLOWER',
  'LEADER_NOT_AVAILABLE',
  'UNKNOWN_TOPIC_OR_PARTITION',
  'REPLICA_NOT_AVAILABLE',
  'FENCED_LEADER_EPOCH',
  'UNKNOWN_LEADER_EPOCH',
  'OFFSET_NOT_AVAILABLE',
];

/** Asks the leaders where partitions start, end, and stood at a time. */
export class Offsets {
  readonly #client: BrokerClient;
  readonly #directory: TopicDirectory;

  constructor(client: BrokerClient, directory: TopicDirectory) {
    this.#client = client;
    this.#directory = directory;
  }

  async ranges(topic: TopicName): Promise<readonly PartitionRange[]> {
    const [starts, ends] = await Promise.all([this.#list(topic, earliest), this.#list(topic, latest)]);
    return starts.map((start, partition) => ({ topic, partition, start, end: ends[partition] ?? start }));
  }

  async at(topic: TopicName, timestamp: number): Promise<readonly TopicPartitionOffset[]> {
    const [offsets, ends] = await Promise.all([
      this.#list(topic, BigInt(Math.max(0, Math.trunc(timestamp)))),
      this.#list(topic, latest),
    ]);
    // Past the last record's time the brokers say -1.
    return offsets.map((offset, partition) => ({
      topic,
      partition,
      offset: offset < 0 ? (ends[partition] ?? 0) : offset,
    }));
  }

  /** The ranges, in the order of the positions. @throws OffsetOutOfRangeError for the first position that lies outside its partition */
  async assertInside(positions: readonly TopicPartitionOffset[]): Promise<readonly PartitionRange[]> {
    const topics = [...new Set(positions.map(({ topic }) => topic))];
    const ranges = (await Promise.all(topics.map((topic) => this.ranges(topic)))).flat();
    return positions.map(({ topic, partition, offset }) => {
      const range = ranges.find((each) => each.topic === topic && each.partition === partition);
      if (!range) throw new RangeError(`${topic} has no partition ${partition}`);
      if (offset < range.start || offset > range.end) {
        throw new OffsetOutOfRangeError({ topic, partition, offset }, range);
      }
      return range;
    });
  }

  async #list(topic: TopicName, timestamp: bigint): Promise<readonly number[]> {
    try {
      return await this.#listOnce(await this.#directory.topic(topic), timestamp);
    } catch (error) {
      if (!(error instanceof BrokerFailure) || (error.sent && !error.is(...staleLeader)))
        throw unavailable(error);
    }
    try {
      const { topics } = await this.#directory.ask();
      return await this.#listOnce(topics.get(topic) ?? (await this.#directory.topic(topic)), timestamp);
    } catch (error) {
      throw unavailable(error);
    }
  }

  async #listOnce({ name, leaders }: KnownTopic, timestamp: bigint): Promise<readonly number[]> {
    const led = Map.groupBy(leaders.keys(), (partition) => leaders[partition]);
    const offsets: number[] = new Array(leaders.length);
    await Promise.all(
      [...led].map(async ([leader, partitions]) => {
        if (!leader) throw new BrokerFailure(new Error(`${name}/${partitions[0]} has no leader`), false);
        const answer = await this.#ask(leader, name, partitions, timestamp);
        for (const { partitionIndex, offset } of answer) offsets[partitionIndex] = Number(offset);
      }),
    );
    return offsets;
  }

  async #ask(leader: KnownBroker, name: string, partitions: readonly number[], timestamp: bigint) {
    const wanted = partitions.map((partitionIndex) => ({
      partitionIndex,
      currentLeaderEpoch: -1,
      timestamp,
    }));
    const topics = [{ name, partitions: wanted }];
    const answer = await this.#client.call('ListOffsets', leader, consumer, readUncommitted, topics);
    return answer.topics.flatMap((each) => each.partitions);
  }
}

const unavailable = (error: unknown) => asUnavailable(error, 'the brokers cannot be asked for offsets');
