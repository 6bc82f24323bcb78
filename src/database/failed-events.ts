import { sql } from 'kysely';
import type { TopicName } from '../contracts/topics.ts';
import type { Queries } from './database.ts';
import type { EventRow } from './intake-writes.ts';
import type { FailedRecord } from './tables.ts';

/** A stored failure that is due: everything that makes up its record again. */
export interface FailedEvent {
  readonly deliveryId: string;
  readonly topic: TopicName;
  readonly partition: number;
  readonly offset: number;
  readonly record: FailedRecord;
  /** zstd; null for a tombstone. */
  readonly payload: Uint8Array | null;
  /** How often it was tried, the first time included. */
  readonly attempts: number;
}

/** When the next failed event is due, in milliseconds since 1970; null when none waits. */
export async function nextFailureDue(queries: Queries): Promise<number | null> {
  const { rows } = await sql<{ due: Date | null }>`
    select min(next_try_at) as due from events where status = 'failed'`.execute(queries);
  return rows[0]?.due?.getTime() ?? null;
}

/**
 * Takes the failed event that has been due longest, for this transaction: those that others are working on are passed
 * over, so that several can work at once.
 */
export async function claimFailure(transaction: Queries, nowMs: number): Promise<FailedEvent | null> {
  const { rows } = await sql<FailedEvent>`
    select delivery_id as "deliveryId", topic, partition, log_offset as "offset", record, payload, attempts
      from events
     where status = 'failed' and next_try_at <= ${instantOf(nowMs)}::timestamptz
     order by next_try_at limit 1
       for update skip locked`.execute(transaction);
  return rows[0] ?? null;
}

/** Moves a claimed event's next try without counting one. */
export async function postponeFailure(
  transaction: Queries,
  deliveryId: string,
  untilMs: number,
): Promise<void> {
  await sql`
    update events set next_try_at = ${instantOf(untilMs)}::timestamptz
     where delivery_id = ${deliveryId} and status = 'failed'`.execute(transaction);
}

export interface FailedTry {
  readonly deliveryId: string;
  /** As the failed try found it. */
  readonly attempts: number;
  readonly failure: string;
  readonly reason: string;
  readonly atMs: number;
  /** Null when this was the last try. */
  readonly nextTryAtMs: number | null;
}

/**
 * Counts a failed try, unless somebody else has tried since.
 * @returns whether it was counted
 */
export async function storeFailedTry(transaction: Queries, failed: FailedTry): Promise<boolean> {
  const { nextTryAtMs } = failed;
  const { rows } = await sql`
    update events
       set attempts = attempts + 1, failure = ${failed.failure}, reason = ${failed.reason},
           last_failed_at = ${instantOf(failed.atMs)}::timestamptz,
           next_try_at = ${nextTryAtMs === null ? null : instantOf(nextTryAtMs)}::timestamptz,
           status = ${nextTryAtMs === null ? 'dead' : 'failed'}
     where delivery_id = ${failed.deliveryId} and status = 'failed' and attempts = ${failed.attempts}::integer
    returning delivery_id`.execute(transaction);
  return rows.length > 0;
}

/** Gives a claimed event that could be taken in its final status; when and how often it failed stays. */
export async function settleFailure(transaction: Queries, row: EventRow): Promise<void> {
  await sql`
    update events
       set repository_id = ${row.repository_id}::bigint, number = ${row.number}::bigint, event = ${row.event},
           action = ${row.action}, updated_at = ${row.updated_at}::timestamptz, rank = ${row.rank}::smallint,
           received_at = ${row.received_at}::timestamptz, origin = ${row.origin}, actor = ${row.actor},
           correlation_id = ${row.correlation_id}, status = ${row.status}, reason = ${row.reason},
           payload = case when ${row.payload === null}::boolean then null else payload end,
           attempts = attempts + 1, record = null, failure = null, next_try_at = null, processed_at = now()
     where delivery_id = ${row.delivery_id}`.execute(transaction);
}

const instantOf = (ms: number): string => new Date(ms).toISOString();
