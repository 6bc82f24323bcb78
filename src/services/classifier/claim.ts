import type { Database } from '../../database/database.ts';
import { pairWith } from '../../database/pairing.ts';
import { claimPositions, type Position } from '../../database/positions.ts';
import type { EventLog, Generation } from '../../log/event-log.ts';

export type Claimed =
  | { readonly kind: 'claimed'; readonly positions: readonly Position[] }
  /** Retention has removed records that were never processed: an operator decides, nothing jumps. */
  | { readonly kind: 'overtaken'; readonly reason: string };

/** Claims a generation's partitions in the database, which fences whoever held them before. */
export async function claim(
  database: Database,
  log: EventLog,
  consumer: string,
  generation: Generation,
): Promise<Claimed> {
  const identity = await log.identity();
  const topics = [...new Set(generation.partitions.map((each) => each.topic))];
  const ranges = (await Promise.all(topics.map((topic) => log.ranges(topic)))).flat();
  const held = ranges.filter((range) =>
    generation.partitions.some((each) => each.topic === range.topic && each.partition === range.partition),
  );
  const positions = await database.transaction(async (transaction) => {
    await pairWith(transaction, identity);
    return claimPositions(transaction, {
      consumer,
      owner: `${generation.member}/${generation.id}`,
      partitions: held.map((range) => ({ ...range, topicId: identity.topicIds[range.topic] })),
    });
  });
  const overtaken = held.flatMap((range) => {
    const position = positions.find(
      (each) => each.topic === range.topic && each.partition === range.partition,
    );
    const gone = position ? range.start - position.nextOffset : 0;
    return gone > 0 ? [`${gone} records of ${range.topic}/${range.partition}`] : [];
  });
  if (overtaken.length === 0) return { kind: 'claimed', positions };
  return {
    kind: 'overtaken',
    reason: `retention removed ${overtaken.join(', ')} before they were processed`,
  };
}
