import { sql } from 'kysely';
import type { TopicName } from '../contracts/topics.ts';
import type { Queries } from './database.ts';
import { leastClaim } from './positions.ts';

export interface PlacedPosition {
  readonly topic: TopicName;
  readonly partition: number;
  readonly topicId: string;
  readonly nextOffset: number;
}

/**
 * Puts a consumer's positions somewhere on purpose. The claim number grows, so that a member that claimed before
 * cannot move them from where it stands. What the record before such a position was is not known.
 */
export async function placePositions(
  transaction: Queries,
  consumer: string,
  placed: readonly PlacedPosition[],
): Promise<void> {
  await sql`
    insert into positions as held (consumer, topic, partition, topic_id, next_offset, mirrored_offset, claim)
    select ${consumer}, topic, partition, "topicId", "nextOffset", "nextOffset", ${leastClaim}
      from json_to_recordset(${JSON.stringify(placed)}::json)
        as placed(topic text, partition integer, "topicId" text, "nextOffset" bigint)
     order by topic, partition
    on conflict (consumer, topic, partition) do update set
      topic_id = excluded.topic_id, next_offset = excluded.next_offset, mirrored_offset = excluded.next_offset,
      last_delivery = null, claim = greatest(held.claim + 1, excluded.claim), moved_to = null, moved_seen_at = null,
      moved_at = now()`.execute(transaction);
}

export interface ConsumerPosition {
  readonly topic: TopicName;
  readonly partition: number;
  readonly nextOffset: number;
}

export async function readPositions(
  queries: Queries,
  consumer: string,
): Promise<readonly ConsumerPosition[]> {
  const { rows } = await sql<ConsumerPosition>`
    select topic, partition, next_offset as "nextOffset" from positions
     where consumer = ${consumer} order by topic, partition`.execute(queries);
  return rows;
}

/** Notes what was committed to the log for lag tools, for the claim under which that was done. */
export async function noteMirrored(
  queries: Queries,
  consumer: string,
  mirrored: readonly {
    readonly topic: TopicName;
    readonly partition: number;
    readonly nextOffset: number;
    readonly claim: number;
  }[],
): Promise<void> {
  await sql`
    update positions set mirrored_offset = mirrored."nextOffset"
      from json_to_recordset(${JSON.stringify(mirrored)}::json)
        as mirrored(topic text, partition integer, "nextOffset" bigint, claim bigint)
     where consumer = ${consumer} and positions.topic = mirrored.topic
       and positions.partition = mirrored.partition and positions.claim = mirrored.claim`.execute(queries);
}

/** Partitions that the consumer has positions of, with what was last mirrored of each. */
export async function readMirrored(
  queries: Queries,
  consumer: string,
): Promise<readonly (ConsumerPosition & { readonly mirrored: number | null })[]> {
  const { rows } = await sql<ConsumerPosition & { readonly mirrored: number | null }>`
    select topic, partition, next_offset as "nextOffset", mirrored_offset as mirrored from positions
     where consumer = ${consumer}`.execute(queries);
  return rows;
}

/** Notes committed offsets that were found moved from outside. */
export async function noteMoved(
  queries: Queries,
  consumer: string,
  moved: readonly { readonly topic: TopicName; readonly partition: number; readonly to: number }[],
): Promise<void> {
  await sql`
    update positions set moved_to = moved."to", moved_seen_at = now()
      from json_to_recordset(${JSON.stringify(moved)}::json)
        as moved(topic text, partition integer, "to" bigint)
     where consumer = ${consumer} and positions.topic = moved.topic
       and positions.partition = moved.partition`.execute(queries);
}
