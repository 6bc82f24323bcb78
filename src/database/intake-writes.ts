import { sql } from 'kysely';
import type { Answer } from '../contracts/classification.ts';
import type { IssueKey, Origin } from '../contracts/issue.ts';
import type { EventStatus } from '../domain/event-status.ts';
import type { HeldIssue } from '../domain/fold-events.ts';
import { noteModelContents } from './ai-contents.ts';
import type { Queries } from './database.ts';
import { rowOfState } from './issue-state.ts';

/** A delivery with its status, which is final unless it is `failed`. Times are ISO 8601. */
export interface EventRow {
  readonly delivery_id: string;
  readonly repository_id: number | null;
  readonly number: number | null;
  readonly event: string;
  readonly action: string;
  readonly updated_at: string | null;
  readonly rank: number;
  readonly received_at: string;
  readonly status: EventStatus;
  readonly reason: string | null;
  readonly origin: Origin;
  readonly actor: string | null;
  readonly correlation_id: string;
  readonly topic: string;
  readonly partition: number;
  readonly log_offset: number;
  readonly record_key: string;
  /** zstd of the untouched bytes, base64: PGlite serialises text far faster than bytes. Null for a tombstone. */
  readonly payload: string | null;
  /** Null unless it failed, as everything below. */
  readonly failed: {
    /** JSON of a `FailedRecord`: as text, since a NUL in a header would be refused as JSON within JSON. */
    readonly record: string;
    readonly failure: string;
    readonly at: string;
    readonly nextTryAt: string;
  } | null;
}

export async function insertEvents(transaction: Queries, events: readonly EventRow[]): Promise<void> {
  if (events.length === 0) return;
  await sql`
    insert into events (delivery_id, repository_id, number, event, action, updated_at, rank, received_at, status,
      reason, origin, actor, correlation_id, topic, partition, log_offset, record_key, payload, attempts, record,
      failure, first_failed_at, last_failed_at, next_try_at)
    select delivery_id, repository_id, number, event, action, updated_at, rank, received_at, status, reason, origin,
           actor, correlation_id, topic, partition, log_offset, record_key, decode(payload, 'base64'),
           case when failed is null then 0 else 1 end, (failed->>'record')::json, failed->>'failure',
           (failed->>'at')::timestamptz, (failed->>'at')::timestamptz, (failed->>'nextTryAt')::timestamptz
      from json_to_recordset(${JSON.stringify(events)}::json) as event(
        delivery_id text, repository_id bigint, number bigint, event text, action text, updated_at timestamptz,
        rank smallint, received_at timestamptz, status text, reason text, origin text, actor text,
        correlation_id text, topic text, partition integer, log_offset bigint, record_key text, payload text,
        failed json)`.execute(transaction);
}

export interface ChangedIssue extends IssueKey {
  readonly issue: HeldIssue;
  readonly contentHash: string;
  readonly version: number;
}

export async function upsertIssues(transaction: Queries, changed: readonly ChangedIssue[]): Promise<void> {
  if (changed.length === 0) return;
  const rows = changed.map(({ repositoryId, number, issue, contentHash, version }) => ({
    repository_id: repositoryId,
    number,
    ...rowOfState(issue.state),
    origin: issue.origin,
    content_hash: contentHash,
    guards: issue.guards,
    version,
  }));
  await sql`
    insert into issues
    select * from json_populate_recordset(null::issues, ${JSON.stringify(rows)}::json)
    on conflict (repository_id, number) do update set
      repository = excluded.repository, title = excluded.title, body = excluded.body, state = excluded.state,
      state_reason = excluded.state_reason, author = excluded.author,
      author_association = excluded.author_association, labels = excluded.labels, assignees = excluded.assignees,
      milestone = excluded.milestone, issue_type = excluded.issue_type, locked = excluded.locked,
      lock_reason = excluded.lock_reason, pinned = excluded.pinned, comments = excluded.comments,
      url = excluded.url, created_at = excluded.created_at, updated_at = excluded.updated_at,
      closed_at = excluded.closed_at, content_hash = excluded.content_hash, guards = excluded.guards,
      version = excluded.version`.execute(transaction);
}

export interface NewClassification extends IssueKey {
  readonly contentHash: string;
  readonly source: 'local' | 'model';
  readonly classifier: string;
  readonly cacheKey: string;
  readonly answer: Answer;
  /** Why a model's answer is still missing. */
  readonly degraded: string | null;
  readonly category: string;
  /** Of the category, as readers see it. */
  readonly confidence: number;
  readonly priority: string;
  readonly shownSource: 'local' | 'model' | 'person';
}

/** Makes answers current for their contents. */
export async function upsertClassifications(
  transaction: Queries,
  classifications: readonly NewClassification[],
): Promise<void> {
  if (classifications.length === 0) return;
  await noteModelContents(
    transaction,
    classifications.filter(({ source }) => source === 'model'),
  );
  await sql`
    insert into classifications (repository_id, number, content_hash, source, classifier, cache_key, answer, degraded,
      category, confidence, priority, shown_source)
    select "repositoryId", number, "contentHash", source, classifier, "cacheKey", answer, degraded, category,
           confidence, priority, "shownSource"
      from json_to_recordset(${JSON.stringify(classifications)}::json) as answered(
        "repositoryId" bigint, number bigint, "contentHash" text, source text, classifier text, "cacheKey" text,
        answer json, degraded text, category text, confidence real, priority text, "shownSource" text)
    on conflict (repository_id, number) do update set
      content_hash = excluded.content_hash, source = excluded.source, classifier = excluded.classifier,
      cache_key = excluded.cache_key, answer = excluded.answer, degraded = excluded.degraded, category = excluded.category,
      confidence = excluded.confidence, priority = excluded.priority, shown_source = excluded.shown_source, classified_at = now()`.execute(
    transaction,
  );
}
