import { sql } from 'kysely';
import type { Correction } from '../contracts/classification.ts';
import { formatKey, type IssueKey, type Origin } from '../contracts/issue.ts';
import type { LedgerEntry } from '../domain/deletion-ledger.ts';
import type { HeldIssue } from '../domain/fold-events.ts';
import type { Guards } from '../domain/issue-event.ts';
import type { Queries } from './database.ts';
import { stateOfRow } from './issue-state.ts';

// A few keys are looked up in tables of any size. `offset 0` in a lateral join keeps each look-up one by its index: the
// planner takes a JSON parameter for a hundred rows, and would rather read a table of some thousand rows whole.

/** What the database holds of one issue before new events are folded in. */
export interface StoredIssue {
  readonly held: HeldIssue | null;
  /** Whether events of an issue without a row are stored. */
  readonly remembered: boolean;
  readonly version: number | null;
  readonly ledger: LedgerEntry | null;
  /** Of the current answer; null when there is none. */
  readonly answered: { readonly contentHash: string; readonly classifier: string } | null;
  readonly corrections: Correction;
}

/** Which of these deliveries are stored already, whatever became of them. */
export async function knownDeliveries(
  queries: Queries,
  ids: readonly string[],
): Promise<ReadonlySet<string>> {
  const { rows } = await sql<{ delivery_id: string }>`
    select delivery_id from events
     where delivery_id = any(array(select json_array_elements_text(${JSON.stringify(ids)}::json)))`.execute(
    queries,
  );
  return new Set(rows.map((row) => row.delivery_id));
}

export interface DeliveryHint {
  readonly known: boolean;
  /** Of the content that the delivery's issue has a current answer for; null when there is none. */
  readonly answeredHash: string | null;
  /** `updated_at` of the issue's row in milliseconds; null without one. */
  readonly heldSecond: number | null;
  /** Whether the ledger has the issue, and nothing has recreated it. */
  readonly isDeleted: boolean;
}

/** What is known of these deliveries and their issues before any lock, by delivery id: good for skipping work only. */
export async function readHints(
  queries: Queries,
  deliveries: readonly (IssueKey & { readonly deliveryId: string })[],
): Promise<ReadonlyMap<string, DeliveryHint>> {
  const { rows } = await sql<DeliveryHint & { readonly deliveryId: string }>`
    select delivery."deliveryId", e.known is not null as known, c.content_hash as "answeredHash",
           extract(epoch from i.updated_at)::float8 * 1000 as "heldSecond",
           i.updated_at is null and d.standing is not null as "isDeleted"
      from json_to_recordset(${JSON.stringify(deliveries)}::json)
        as delivery("deliveryId" text, "repositoryId" bigint, number bigint)
      left join lateral (select true as known from events where delivery_id = delivery."deliveryId" offset 0) e on true
      left join lateral (
        select content_hash from classifications
         where repository_id = delivery."repositoryId" and number = delivery.number offset 0) c on true
      left join lateral (
        select updated_at from issues
         where repository_id = delivery."repositoryId" and number = delivery.number offset 0) i on true
      left join lateral (
        select true as standing from deletions
         where repository_id = delivery."repositoryId" and number = delivery.number and lifted_at is null
        offset 0) d on true`.execute(queries);
  return new Map(rows.map((row) => [row.deliveryId, row]));
}

type Row = Parameters<typeof stateOfRow>[0] & {
  readonly present: boolean;
  readonly remembered: boolean;
  readonly origin: Origin;
  readonly guards: Guards;
  readonly version: number;
  readonly ledger: {
    version: number;
    deleted_at: number;
    state_updated_at: number | null;
    permanent: boolean;
    reason: LedgerEntry['reason'];
    lifted: boolean;
  } | null;
  readonly answered_hash: string | null;
  readonly classifier: string | null;
  readonly corrections: Correction | null;
};

/** Reads issues, ledger, answers and corrections of these keys in one statement, keyed by topic key. */
export async function readStoredIssues(
  transaction: Queries,
  keys: readonly IssueKey[],
): Promise<ReadonlyMap<string, StoredIssue>> {
  const { rows } = await sql<Row>`
    select key.repository_id, key.number, i.repository_id is not null as present,
           i.repository_id is null and exists (
             select from events
              where repository_id = key.repository_id and number = key.number) as remembered, i.repository, i.title, i.body,
           i.state, i.state_reason, i.author, i.author_association, i.labels, i.assignees, i.milestone,
           i.issue_type, i.locked, i.lock_reason, i.pinned, i.comments, i.url, i.created_at, i.updated_at,
           i.closed_at, i.origin, i.guards, i.version,
           case when d.repository_id is not null then json_build_object(
             'version', d.version, 'deleted_at', extract(epoch from d.deleted_at) * 1000,
             'state_updated_at', extract(epoch from d.state_updated_at) * 1000,
             'permanent', d.permanent, 'reason', d.reason, 'lifted', d.lifted_at is not null) end as ledger,
           c.content_hash as answered_hash, c.classifier,
           (select json_object_agg(field, value) from corrections x
             where x.repository_id = key.repository_id and x.number = key.number) as corrections
      from json_to_recordset(${JSON.stringify(keys.map((key) => ({ repository_id: key.repositoryId, number: key.number })))}::json)
        as key(repository_id bigint, number bigint)
      left join lateral (
        select * from issues where repository_id = key.repository_id and number = key.number offset 0) i on true
      left join lateral (
        select * from deletions where repository_id = key.repository_id and number = key.number offset 0) d on true
      left join lateral (
        select content_hash, classifier from classifications
         where repository_id = key.repository_id and number = key.number offset 0) c on true`.execute(
    transaction,
  );
  return new Map(
    rows.map((row) => [formatKey({ repositoryId: row.repository_id, number: row.number }), toStored(row)]),
  );
}

function toStored(row: Row): StoredIssue {
  const { ledger } = row;
  return {
    remembered: row.remembered,
    held: row.present ? { state: stateOfRow(row), guards: row.guards, origin: row.origin } : null,
    version: row.version,
    ledger: ledger && {
      version: ledger.version,
      deletedAt: ledger.deleted_at,
      stateSecond: ledger.state_updated_at,
      permanent: ledger.permanent,
      reason: ledger.reason,
      lifted: ledger.lifted,
    },
    answered:
      row.answered_hash !== null && row.classifier !== null
        ? { contentHash: row.answered_hash, classifier: row.classifier }
        : null,
    corrections: row.corrections ?? {},
  };
}

export interface StoredEvent {
  readonly repository_id: number;
  readonly number: number;
  readonly delivery_id: string;
  readonly event: string;
  readonly action: string;
  readonly received_at: Date;
  readonly origin: Origin;
  readonly correlation_id: string;
  readonly payload: Uint8Array;
}

/**
 * The stored events that a fold needs beside the new ones: of the given second, or, where it is null (no row), of
 * the newest stored second, and the last pin of any other, since no state says whether an issue is pinned. Failed, dead
 * and refused events are no part of any state.
 */
export async function readEventsOfSecond(
  transaction: Queries,
  wanted: readonly (IssueKey & { readonly second: string | null })[],
): Promise<readonly StoredEvent[]> {
  if (wanted.length === 0) return [];
  const rows = wanted.map((key) => ({
    repository_id: key.repositoryId,
    number: key.number,
    second: key.second,
  }));
  const columns = sql`repository_id, number, delivery_id, event, action, received_at, origin, correlation_id, payload`;
  const result = await sql<StoredEvent>`
    select e.*
      from json_to_recordset(${JSON.stringify(rows)}::json)
        as key(repository_id bigint, number bigint, second timestamptz)
     cross join lateral (
       select max(updated_at) as second from events
        where key.second is null and repository_id = key.repository_id and number = key.number
          and status in ('applied', 'unchanged', 'stale')
       offset 0) newest
     cross join lateral (
       (select ${columns} from events
         where repository_id = key.repository_id and number = key.number
           and updated_at = coalesce(key.second, newest.second)
           and status in ('applied', 'unchanged', 'stale') and payload is not null)
       union all
       (select ${columns} from events
         where key.second is null and repository_id = key.repository_id and number = key.number
           and updated_at <> newest.second and event = 'issues' and action in ('pinned', 'unpinned')
           and status in ('applied', 'unchanged', 'stale') and payload is not null
         order by received_at desc, delivery_id collate "C" desc limit 1)
       offset 0) e`.execute(transaction);
  return result.rows;
}
