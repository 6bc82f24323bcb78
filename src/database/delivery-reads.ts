import { type RawBuilder, sql } from 'kysely';
import type { IssueKey, Origin } from '../contracts/issue.ts';
import type { Delivery } from '../contracts/rest.ts';
import type { EventStatus } from '../domain/event-status.ts';
import type { Queries } from './database.ts';

interface DeliveryRow {
  readonly delivery_id: string;
  readonly event: string;
  readonly action: string;
  readonly repository: string | null;
  readonly number: number | null;
  readonly status: EventStatus;
  readonly reason: string | null;
  readonly origin: Origin;
  readonly actor: string | null;
  readonly received_at: Date;
  readonly processed_at: Date;
  readonly topic: string;
  readonly partition: number;
  readonly log_offset: number;
}

/** A stored delivery, with who caused it on GitHub. */
export type StoredDelivery = Delivery & { readonly actor: string | null };

/** The deliveries received last, newest first. */
export const readLastDeliveries = (queries: Queries, limit: number): Promise<readonly StoredDelivery[]> =>
  read(queries, sql`order by e.received_at desc, e.delivery_id limit ${limit}`);

/** The deliveries of one issue, newest first. */
export const readDeliveriesOf = (
  queries: Queries,
  key: IssueKey,
  limit: number,
): Promise<readonly StoredDelivery[]> =>
  read(
    queries,
    sql`where e.repository_id = ${key.repositoryId}::bigint and e.number = ${key.number}::bigint
        order by e.received_at desc, e.delivery_id limit ${limit}`,
  );

async function read(queries: Queries, which: RawBuilder<unknown>): Promise<readonly StoredDelivery[]> {
  const { rows } = await sql<DeliveryRow>`
    select e.delivery_id, e.event, e.action, e.number, e.status, e.reason, e.origin, e.actor, e.received_at,
           e.processed_at, e.topic, e.partition, e.log_offset,
           coalesce(
             (select repository from issues i where i.repository_id = e.repository_id and i.number = e.number),
             (select repository from deletions d where d.repository_id = e.repository_id and d.number = e.number)
           ) as repository
      from events e ${which}`.execute(queries);
  return rows.map((row) => ({
    deliveryId: row.delivery_id,
    event: row.event,
    action: row.action,
    repository: row.repository,
    number: row.number,
    status: row.status,
    reason: row.reason,
    origin: row.origin,
    actor: row.actor,
    receivedAt: row.received_at.toISOString(),
    processedAt: row.processed_at.toISOString(),
    topic: row.topic,
    partition: row.partition,
    offset: row.log_offset,
  }));
}

export interface StoredPayload {
  readonly deliveryId: string;
  readonly event: string;
  /** zstd. */
  readonly payload: Uint8Array;
}

/** Payloads of one issue's `newest` deliveries, of those that are there and have at most `bytes` as stored. */
export async function readPayloadsOf(
  queries: Queries,
  key: IssueKey,
  { newest, bytes }: { readonly newest: number; readonly bytes: number },
): Promise<readonly StoredPayload[]> {
  const { rows } = await sql<StoredPayload>`
    select "deliveryId", event, payload
      from (select delivery_id as "deliveryId", event, payload from events
             where repository_id = ${key.repositoryId}::bigint and number = ${key.number}::bigint
             order by received_at desc, delivery_id limit ${newest}) latest
     where octet_length(payload) <= ${bytes}`.execute(queries);
  return rows;
}

export interface StoredCorrection {
  readonly field: string;
  readonly value: unknown;
  readonly correctedBy: string;
  readonly correctedAt: Date;
}

/** What people set on one issue, newest first. */
export async function readCorrections(queries: Queries, key: IssueKey): Promise<readonly StoredCorrection[]> {
  const { rows } = await sql<StoredCorrection>`
    select field, value, corrected_by as "correctedBy", corrected_at as "correctedAt" from corrections
     where repository_id = ${key.repositoryId}::bigint and number = ${key.number}::bigint
     order by corrected_at desc, field`.execute(queries);
  return rows;
}
