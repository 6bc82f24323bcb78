import type { TopicName } from '../../contracts/topics.ts';
import type { TopicPartition } from '../event-log.ts';

export interface Subscriber {
  readonly member: string;
  readonly topics: readonly TopicName[];
}

/**
 * Spreads each topic's partitions over its subscribers in ranges of neighbours, sizes at most one apart, as
 * Kafka's range assignor does; members in the order given.
 */
export function assign(
  subscribers: readonly Subscriber[],
  partitions: (topic: TopicName) => number,
): ReadonlyMap<string, readonly TopicPartition[]> {
  const assigned = new Map<string, TopicPartition[]>(subscribers.map(({ member }) => [member, []]));
  for (const topic of new Set(subscribers.flatMap(({ topics }) => topics))) {
    const takers = subscribers.filter(({ topics }) => topics.includes(topic));
    const count = partitions(topic);
    for (let partition = 0; partition < count; partition++) {
      const taker = takers[Math.floor((partition * takers.length) / count)];
      if (taker) assigned.get(taker.member)?.push({ topic, partition });
    }
  }
  return assigned;
}
