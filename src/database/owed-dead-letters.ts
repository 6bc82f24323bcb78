import { sql } from 'kysely';
import type { Queries } from './database.ts';
import type { FailedRecord } from './tables.ts';

/** What a row of the outbox owes to `issues.dead-letter`, read in the same statement. */
export interface OwedDeadLetter {
  readonly deliveryId: string;
  /** Of the row. */
  readonly version: number;
  /** Null when the event is not dead any more, or gone: there is nothing to publish. */
  readonly event: {
    readonly topic: string;
    readonly partition: number;
    readonly offset: number;
    readonly record: FailedRecord;
    readonly failure: string;
    readonly reason: string;
    readonly attempts: number;
    /** ISO 8601. */
    readonly firstFailedAt: string;
    readonly lastFailedAt: string;
  } | null;
  /** zstd; null for a tombstone. */
  readonly payload: Uint8Array | null;
}

/**
 * The dead letters owed longest.
 * @param limits rows, and bytes of their payloads as stored; the first row is always read
 */
export async function readOwedDeadLetters(
  queries: Queries,
  limits: { readonly rows: number; readonly bytes: number },
): Promise<readonly OwedDeadLetter[]> {
  const { rows } = await sql<OwedDeadLetter>`
    with owed as materialized (
      select key, version from outbox where topic = 'issues.dead-letter' order by version limit ${limits.rows}),
    sized as materialized (
      select owed.*, row_number() over oldest as place, sum(coalesce(size, 0)) over oldest as bytes
        from owed left join lateral (
          select octet_length(payload) as size from events where delivery_id = owed.key offset 0) e on true
      window oldest as (order by version, key rows unbounded preceding))
    select o.key as "deliveryId", o.version, e.payload,
           case when e.delivery_id is not null then json_build_object(
             'topic', e.topic, 'partition', e.partition, 'offset', e.log_offset, 'record', e.record,
             'failure', coalesce(e.failure, 'Unknown'), 'reason', coalesce(e.reason, ''), 'attempts', e.attempts,
             'firstFailedAt', ${iso('first_failed_at')}, 'lastFailedAt', ${iso('last_failed_at')}) end as event
      from sized o
      left join lateral (
        select * from events where delivery_id = o.key and status = 'dead' and record is not null offset 0) e on true
     where o.place = 1 or o.bytes <= ${limits.bytes}
     order by o.place`.execute(queries);
  return rows;
}

const iso = (column: 'first_failed_at' | 'last_failed_at') =>
  sql`to_char(${sql.ref(`e.${column}`)} at time zone 'UTC', ${sql.lit('YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')})`;
