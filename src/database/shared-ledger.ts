import { sql } from 'kysely';
import type { Queries } from './database.ts';
import type { KnownPlace } from './followed-positions.ts';

/** Up to which offset (exclusive) a branch has read the ledger of the installation beside it. */
const consumer = 'shared-ledger';

export async function readSharedPlaces(queries: Queries): Promise<readonly KnownPlace[]> {
  const { rows } = await sql<KnownPlace>`
    select topic, partition, topic_id as "topicId", next_offset as "offset"
      from positions where consumer = ${consumer}`.execute(queries);
  return rows;
}

/** Moves a place on; reading a part of the ledger twice does no harm. */
export async function putSharedPlace(queries: Queries, place: KnownPlace): Promise<void> {
  const { topic, partition, topicId, offset } = place;
  await sql`
    insert into positions (consumer, topic, partition, topic_id, next_offset)
    values (${consumer}, ${topic}, ${partition}, ${topicId}, ${offset})
    on conflict (consumer, topic, partition) do update set
      topic_id = excluded.topic_id, next_offset = excluded.next_offset, moved_at = now()`.execute(queries);
}
