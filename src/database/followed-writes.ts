import { sql } from 'kysely';
import type { IssueKey } from '../contracts/issue.ts';
import type { EnrichedIssue } from '../contracts/topics.ts';
import { waitsForModel } from '../domain/degraded.ts';
import type { LedgerRow } from '../domain/followed-ledger.ts';
import { dropTasks, putTasks } from './ai-tasks.ts';
import type { Queries } from './database.ts';

/** Writes ledger rows as they are; the caller has merged them with what was there. */
export async function putLedgerRows(transaction: Queries, rows: readonly LedgerRow[]): Promise<void> {
  if (rows.length === 0) return;
  await sql`
    insert into deletions (repository_id, number, repository, version, deleted_at, state_updated_at, reason,
                           deleted_by, permanent, lifted_at)
    select "repositoryId", number, repository, version, "deletedAt", "stateUpdatedAt", reason, "deletedBy", permanent,
           "liftedAt"
      from json_to_recordset(${JSON.stringify(rows)}::json) as ledger("repositoryId" bigint, number bigint,
        repository text, version bigint, "deletedAt" timestamptz, "stateUpdatedAt" timestamptz, reason text,
        "deletedBy" text, permanent boolean, "liftedAt" timestamptz)
    on conflict (repository_id, number) do update set
      repository = excluded.repository, version = excluded.version, deleted_at = excluded.deleted_at,
      state_updated_at = excluded.state_updated_at, reason = excluded.reason, deleted_by = excluded.deleted_by,
      permanent = excluded.permanent, lifted_at = excluded.lifted_at`.execute(transaction);
}

/** Removes issues whose deletion was read, with all that belongs to them. */
export async function removeDeleted(transaction: Queries, keys: readonly IssueKey[]): Promise<void> {
  if (keys.length === 0) return;
  const these = sql`(repository_id, number) in (
    select "repositoryId", number from json_to_recordset(${JSON.stringify(keys)}::json)
      as gone("repositoryId" bigint, number bigint))`;
  await sql`
    with classifications_gone as (delete from classifications where ${these}),
         corrections_gone as (delete from corrections where ${these}),
         tasks_gone as (delete from ai_tasks where ${these})
    delete from issues where ${these}`.execute(transaction);
}

/** An answer and corrections as a record of `issues.enriched` has them. */
export interface FollowedAnswer {
  readonly record: EnrichedIssue;
  /** Of the record, by the log: when the corrections can have been made at the latest. ISO 8601. */
  readonly at: string;
}

/** Keeps answers that a model gave, so that nobody pays for them again. */
export async function keepPaidAnswers(
  transaction: Queries,
  records: readonly EnrichedIssue[],
): Promise<void> {
  if (records.length === 0) return;
  const rows = records.flatMap(({ repositoryId, number, contentHash, classification }) =>
    classification === null ? [] : [{ repositoryId, number, contentHash, ...classification }],
  );
  await sql`
    with paid as materialized (
      select * from json_to_recordset(${JSON.stringify(rows)}::json) as paid("repositoryId" bigint, number bigint,
        "contentHash" text, classifier text, "cacheKey" text, answer json)),
    noted as (
      insert into ai_contents select "repositoryId", number, "contentHash" from paid on conflict do nothing)
    insert into ai_answers (cache_key, repository_id, content_hash, classifier, answer)
    select distinct on ("cacheKey") "cacheKey", "repositoryId", "contentHash", classifier, answer from paid
     order by "cacheKey"
    on conflict do nothing`.execute(transaction);
}

/**
 * Makes the records' answers and corrections the current ones, and what waits for a model's answer a task. Who
 * corrected is not in the topic: a correction that was here already keeps its author.
 */
export async function putAnswers(transaction: Queries, followed: readonly FollowedAnswer[]): Promise<void> {
  if (followed.length === 0) return;
  await putCorrections(transaction, followed);
  await renewTasks(transaction, followed);
  const rows = followed.flatMap(({ record }) => {
    const { classification, corrections } = record;
    if (classification === null) return [];
    const { answer } = classification;
    return [
      {
        repository_id: record.repositoryId,
        number: record.number,
        content_hash: record.contentHash,
        source: classification.source,
        classifier: classification.classifier,
        cache_key: classification.cacheKey,
        answer,
        degraded: classification.degraded,
        category: corrections.category ?? answer.category.value,
        confidence: corrections.category === undefined ? answer.category.confidence : 1,
        priority: corrections.priority ?? answer.priority.value,
        shown_source: Object.keys(corrections).length > 0 ? 'person' : classification.source,
      },
    ];
  });
  const answers = sql`json_to_recordset(${JSON.stringify(rows)}::json) as answer(
    repository_id bigint, number bigint, content_hash text, source text, classifier text, cache_key text, answer json,
    degraded text, category text, confidence real, priority text, shown_source text)`;
  await sql`
    insert into classifications (repository_id, number, content_hash, source, classifier, cache_key, answer, degraded,
                                 category, confidence, priority, shown_source)
    select repository_id, number, content_hash, source, classifier, cache_key, answer.answer, degraded, category,
           confidence, priority, shown_source
      from ${answers}
    on conflict (repository_id, number) do update set
      content_hash = excluded.content_hash, source = excluded.source, classifier = excluded.classifier,
      cache_key = excluded.cache_key, answer = excluded.answer, degraded = excluded.degraded,
      category = excluded.category, confidence = excluded.confidence, priority = excluded.priority,
      shown_source = excluded.shown_source, classified_at = now()`.execute(transaction);
}

/** A local answer that is marked as waiting for a model waits again; of any other, no task is left. */
async function renewTasks(transaction: Queries, followed: readonly FollowedAnswer[]): Promise<void> {
  const tasks = followed.map(({ record: { repositoryId, number, contentHash, classification } }) => ({
    task: { repositoryId, number, contentHash, live: false },
    waits: classification?.source === 'local' && waitsForModel(classification.degraded),
  }));
  const [waiting, done] = [true, false].map((waits) =>
    tasks.filter((each) => each.waits === waits).map(({ task }) => task),
  );
  await dropTasks(transaction, done ?? []);
  await putTasks(transaction, waiting ?? []);
}

async function putCorrections(transaction: Queries, followed: readonly FollowedAnswer[]): Promise<void> {
  const keys = followed.map(({ record: { repositoryId, number } }) => ({ repositoryId, number }));
  const fields = followed.flatMap(({ record: { repositoryId, number, corrections }, at }) =>
    Object.entries(corrections).map(([field, value]) => ({ repositoryId, number, field, value, at })),
  );
  const set = sql`json_to_recordset(${JSON.stringify(fields)}::json)
    as correction("repositoryId" bigint, number bigint, field text, value jsonb, at timestamptz)`;
  await sql`
    with undone as (
      delete from corrections c
       using json_to_recordset(${JSON.stringify(keys)}::json) as key("repositoryId" bigint, number bigint)
       where c.repository_id = key."repositoryId" and c.number = key.number
         and not exists (select from ${set} where correction."repositoryId" = c.repository_id
                            and correction.number = c.number and correction.field = c.field))
    insert into corrections as held (repository_id, number, field, value, corrected_by, corrected_at)
    select "repositoryId", number, field, coalesce(value, 'null'), 'taken over from issues.enriched', at from ${set}
    on conflict (repository_id, number, field) do update set
      value = excluded.value, corrected_by = excluded.corrected_by, corrected_at = excluded.corrected_at
     where held.value is distinct from excluded.value`.execute(transaction);
}

/** Removes what the outbox owes where the topic has it already. A row that the relay is just removing is left to it. */
export async function settlePublished(
  transaction: Queries,
  topic: string,
  published: readonly { readonly key: string; readonly version: number }[],
): Promise<void> {
  if (published.length === 0) return;
  await sql`
    delete from outbox o using (
      select o.topic, o.key
        from outbox o
        join json_to_recordset(${JSON.stringify(published)}::json) as read(key text, version bigint)
          on o.key = read.key
       where o.topic = ${topic} and o.version <= read.version
         for update of o skip locked) done
     where o.topic = done.topic and o.key = done.key`.execute(transaction);
}
