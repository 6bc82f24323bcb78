import { sql } from 'kysely';
import type { TopicName } from '../contracts/topics.ts';
import type { Queries } from './database.ts';

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
    select ${consumer}, topic, partition, "topicId", "nextOffset", "nextOffset", 1
      from json_to_recordset(${JSON.stringify(placed)}::json)
        as placed(topic text, partition integer, "topicId" text, "nextOffset" bigint)
     order by topic, partition
    on conflict (consumer, topic, partition) do update set
      topic_id = excluded.topic_id, next_offset = excluded.next_offset, mirrored_offset = excluded.next_offset,
      last_delivery = null, claim = held.claim + 1, moved_to = null, moved_seen_at = null, moved_at = now()`.execute(
    transaction,
  );
}
