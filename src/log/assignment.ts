export interface Subscriber<Topic extends string> {
  readonly member: string;
  readonly topics: readonly Topic[];
}

/**
 * Spreads each topic's partitions over its subscribers in ranges of neighbours, sizes at most one apart, as
 * Kafka's range assignor does; members in the order given.
 */
export function assign<Topic extends string>(
  subscribers: readonly Subscriber<Topic>[],
  partitions: (topic: Topic) => number,
): ReadonlyMap<string, readonly { readonly topic: Topic; readonly partition: number }[]> {
  const assigned = new Map<string, { readonly topic: Topic; readonly partition: number }[]>(
    subscribers.map(({ member }) => [member, []]),
  );
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
