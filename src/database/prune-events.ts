import { sql } from 'kysely';
import type { TopicName } from '../contracts/topics.ts';
import type { Queries } from './database.ts';

/** Where a slice of events begins, in the order in which they were received. */
export interface EventPlace {
  /** As PostgreSQL writes it: a Date would drop the microseconds. */
  readonly receivedAt: string;
  readonly deliveryId: string;
}

export interface PruneSlice {
  /** Received before this time, milliseconds since 1970. */
  readonly before: number;
  readonly after: EventPlace | null;
  /** Events looked at. */
  readonly events: number;
  /** Where the log begins now. */
  readonly starts: readonly {
    readonly topic: TopicName;
    readonly partition: number;
    readonly start: number;
  }[];
}

export interface PrunedSlice {
  readonly pruned: number;
  /** Null when there was nothing behind this slice. */
  readonly last: EventPlace | null;
}

/**
 * Removes the events of one slice that nothing can ask for any more: the log has lost their record, so no replay
 * brings the delivery back, and they are not of the second that their issue holds, so no fold needs them. What still
 * has to be tried again or published stays.
 */
export async function pruneEvents(queries: Queries, slice: PruneSlice): Promise<PrunedSlice> {
  const { before, after, events, starts } = slice;
  const behind = after
    ? sql`and received_at >= ${after.receivedAt}::timestamptz
          and (received_at, delivery_id) > (${after.receivedAt}::timestamptz, ${after.deliveryId})`
    : sql``;
  const { rows } = await sql<PrunedSlice>`
    with looked as materialized (
      select delivery_id, received_at, topic, partition, log_offset, status, repository_id, number, updated_at
        from events where received_at < ${new Date(before)} ${behind}
       order by received_at, delivery_id limit ${events}),
    pruned as (
      delete from events e using looked l
        join json_to_recordset(${JSON.stringify(starts)}::json) as log(topic text, partition integer, start bigint)
          on log.topic = l.topic and log.partition = l.partition
       where e.delivery_id = l.delivery_id and l.log_offset < log.start and l.status <> 'failed'
         and not exists (
           select from issues i
            where i.repository_id = l.repository_id and i.number = l.number
              and date_trunc('second', i.updated_at) = date_trunc('second', l.updated_at))
         and not exists (
           select from outbox o where o.topic = 'issues.dead-letter' and o.key = l.delivery_id)
      returning 1),
    last as (
      select received_at, delivery_id from looked where (select count(*) from looked) = ${events}
       order by received_at desc, delivery_id desc limit 1)
    select (select count(*) from pruned) as pruned,
           (select json_build_object('receivedAt', received_at::text, 'deliveryId', delivery_id) from last) as last`.execute(
    queries,
  );
  return rows[0] ?? { pruned: 0, last: null };
}
