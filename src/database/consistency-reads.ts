import { sql } from 'kysely';
import type { Queries } from './database.ts';

export interface ConsistencyRows {
  readonly issues: number;
  readonly failed: number;
  readonly dead: number;
  readonly outbox: number;
  readonly positions: readonly {
    readonly partition: number;
    readonly nextOffset: number;
    readonly mirrored: number | null;
    /** The committed offset that a claim of the last day found moved from outside. */
    readonly movedTo: number | null;
  }[];
}

/** Everything of the database that the consistency report needs, in one statement. */
export async function readConsistency(
  queries: Queries,
  consumer: string,
  topic: string,
): Promise<ConsistencyRows> {
  const { rows } = await sql<ConsistencyRows>`
    select (select count(*) from issues) as issues,
           (select count(*) from events where status = 'failed') as failed,
           (select count(*) from events where status = 'dead') as dead,
           (select count(*) from outbox) as outbox,
           (select coalesce(json_agg(json_build_object(
                     'partition', partition, 'nextOffset', next_offset, 'mirrored', mirrored_offset,
                     'movedTo', case when moved_seen_at > now() - interval '1 day' then moved_to end)
                     order by partition), '[]')
              from positions where consumer = ${consumer} and topic = ${topic}) as positions`.execute(
    queries,
  );
  const [row] = rows;
  if (!row) throw new Error('a statement of counts returned nothing');
  return row;
}

export interface FeedStanding {
  readonly feedId: string;
  /** Next offsets of the consumer by the database. */
  readonly positions: readonly { readonly partition: number; readonly nextOffset: number }[];
}

/** What the feed tells its clients once a second. */
export async function readFeedStanding(
  queries: Queries,
  consumer: string,
  topic: string,
): Promise<FeedStanding> {
  const { rows } = await sql<FeedStanding>`
    select feed_id::text as "feedId",
           (select coalesce(json_agg(json_build_object('partition', partition, 'nextOffset', next_offset)), '[]')
              from positions where consumer = ${consumer} and topic = ${topic}) as positions
      from pairing`.execute(queries);
  const [row] = rows;
  if (!row) throw new Error('the pairing row is missing');
  return row;
}

export interface MissingSlice {
  readonly missing: readonly { readonly repositoryId: number; readonly number: number }[];
  /** Where the next slice begins; null at the end. */
  readonly last: { readonly repositoryId: number; readonly number: number } | null;
}

/**
 * One slice of the issues that have an applied event but neither a row nor a ledger row, in order of their keys.
 * @param events looked at in this slice
 */
export async function readMissing(
  queries: Queries,
  after: { readonly repositoryId: number; readonly number: number } | null,
  events: number,
): Promise<MissingSlice> {
  const behind = after
    ? sql`and (repository_id, number) > (${after.repositoryId}::bigint, ${after.number}::bigint)`
    : sql``;
  const { rows } = await sql<MissingSlice>`
    with looked as materialized (
      select repository_id, number from events
       where repository_id is not null and number is not null ${behind}
       order by repository_id, number limit ${events}),
    last as (
      select repository_id, number from looked where (select count(*) from looked) = ${events}
       order by repository_id desc, number desc limit 1),
    keys as (
      select distinct repository_id, number from looked)
    select (select json_build_object('repositoryId', repository_id, 'number', number) from last) as last,
           (select coalesce(json_agg(json_build_object('repositoryId', repository_id, 'number', number)), '[]')
              from keys k
             where not exists (select from issues i where i.repository_id = k.repository_id and i.number = k.number)
               and not exists (
                 select from deletions d where d.repository_id = k.repository_id and d.number = k.number)
               and exists (
                 select from events e
                  where e.repository_id = k.repository_id and e.number = k.number and e.status = 'applied')
           ) as missing`.execute(queries);
  return rows[0] ?? { missing: [], last: null };
}
