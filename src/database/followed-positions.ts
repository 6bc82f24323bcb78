import { sql } from 'kysely';
import type { Queries } from './database.ts';

/**
 * Up to which offset (exclusive) this database knows each partition of the topics that it writes itself: what lies
 * before was sent by its relay, or taken in. The relay moves these rows with what it has sent, following moves them
 * with what it has read; both only ever say "known up to here".
 */
export const ownTopicsConsumer = 'relay';

export interface KnownPlace {
  readonly topic: string;
  readonly partition: number;
  readonly topicId: string;
  readonly offset: number;
}

export async function readKnownPlaces(queries: Queries): Promise<readonly KnownPlace[]> {
  return (await selectPlaces.execute(queries)).rows;
}

const selectPlaces = sql<KnownPlace>`
  select topic, partition, topic_id as "topicId", next_offset as "offset"
    from positions where consumer = ${ownTopicsConsumer}`;

/**
 * Locks the places of a topic, also those that are not there (one number for all who ask: a row lock needs a row), and
 * returns what they are now.
 */
export async function lockKnownPlaces(transaction: Queries, topic: string): Promise<readonly KnownPlace[]> {
  await sql`select pg_advisory_xact_lock(hashtextextended(${`places of ${topic}`}, 0))`.execute(transaction);
  const locked = sql<KnownPlace>`${selectPlaces} and topic = ${topic} order by partition for update`;
  return (await locked.execute(transaction)).rows;
}

/** Puts places where they are said to be, whatever they were. */
export async function setKnownPlaces(queries: Queries, places: readonly KnownPlace[]): Promise<void> {
  await sql`
    insert into positions (consumer, topic, partition, topic_id, next_offset)
    select ${ownTopicsConsumer}, topic, partition, "topicId", "offset" from ${recordset(places)}
        on conflict (consumer, topic, partition) do update set
          topic_id = excluded.topic_id, next_offset = excluded.next_offset, moved_at = now()`.execute(
    queries,
  );
}

/** Moves a place if it still is where it was read from; otherwise somebody else has moved it, and nothing happens. */
export async function moveKnownPlace(
  transaction: Queries,
  from: KnownPlace,
  to: number,
): Promise<'moved' | 'elsewhere'> {
  const { rows } = await sql`
    update positions set next_offset = ${to}::bigint, moved_at = now()
     where consumer = ${ownTopicsConsumer} and topic = ${from.topic} and partition = ${from.partition}
       and topic_id = ${from.topicId} and next_offset = ${from.offset}::bigint
    returning 1`.execute(transaction);
  return rows.length > 0 ? 'moved' : 'elsewhere';
}

const recordset = (places: readonly KnownPlace[]) =>
  sql`json_to_recordset(${JSON.stringify(places)}::json)
    as place(topic text, partition integer, "topicId" text, "offset" bigint)`;
