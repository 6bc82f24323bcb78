import { sql } from 'kysely';
import type { IssueKey } from '../contracts/issue.ts';
import type { DeletionRecord } from '../contracts/topics.ts';
import type { Queries } from './database.ts';

/** What a deletion meets of a key: its issue and its ledger row. */
export interface DeletableRow extends IssueKey {
  readonly repository: string | null;
  readonly issueVersion: number | null;
  readonly ledgerVersion: number | null;
}

/** Reads the keys in one statement; the caller holds their locks. */
export async function readDeletable(
  transaction: Queries,
  keys: readonly IssueKey[],
): Promise<readonly DeletableRow[]> {
  const { rows } = await sql<DeletableRow>`
    select key."repositoryId", key.number, coalesce(i.repository, d.repository) as repository,
           i.version as "issueVersion", d.version as "ledgerVersion"
      from json_to_recordset(${JSON.stringify(keys)}::json) as key("repositoryId" bigint, number bigint)
      left join issues i on i.repository_id = key."repositoryId" and i.number = key.number
      left join deletions d on d.repository_id = key."repositoryId" and d.number = key.number`.execute(
    transaction,
  );
  return rows;
}

export interface NewDeletion extends IssueKey {
  /** `owner/name`, for the ledger. */
  readonly repository: string;
  readonly version: number;
  /** ISO 8601. */
  readonly deletedAt: string;
  readonly reason: DeletionRecord['reason'];
  readonly deletedBy: string;
  /** Erased: no event ever brings it back. False when absent. */
  readonly permanent?: true;
}

/**
 * Deletes issues with their answers, corrections and tasks, and writes the ledger rows that keep them deleted: in one
 * statement, since a deletion is a fact, never an absence. One that GitHub made, or that is permanent, stays so
 * unless it was lifted; of one that becomes permanent not even who deleted it before is kept. The caller holds the
 * keys' locks.
 */
export async function deleteThroughLedger(
  transaction: Queries,
  deletions: readonly NewDeletion[],
): Promise<void> {
  if (deletions.length === 0) return;
  await sql`
    with gone as materialized (
      select "repositoryId" as repository_id, number, repository, version, "deletedAt" as deleted_at, reason,
             "deletedBy" as deleted_by, coalesce(permanent, false) as permanent
        from json_to_recordset(${JSON.stringify(deletions)}::json) as gone("repositoryId" bigint, number bigint,
          repository text, version bigint, "deletedAt" timestamptz, reason text, "deletedBy" text, permanent boolean)),
    held as materialized (
      select i.repository_id, i.number, i.updated_at from gone join issues i using (repository_id, number)),
    classifications_gone as (
      delete from classifications c using gone where c.repository_id = gone.repository_id and c.number = gone.number),
    corrections_gone as (
      delete from corrections c using gone where c.repository_id = gone.repository_id and c.number = gone.number),
    tasks_gone as (
      delete from ai_tasks t using gone where t.repository_id = gone.repository_id and t.number = gone.number),
    issues_gone as (
      delete from issues i using gone where i.repository_id = gone.repository_id and i.number = gone.number)
    insert into deletions as ledger (repository_id, number, repository, version, deleted_at, state_updated_at, reason,
                           deleted_by, permanent, lifted_at)
    select repository_id, number, repository, version, deleted_at, updated_at, reason, deleted_by, permanent, null
      from gone left join held using (repository_id, number)
    on conflict (repository_id, number) do update set
      repository = excluded.repository,
      version = excluded.version,
      deleted_at = greatest(ledger.deleted_at, excluded.deleted_at),
      state_updated_at = greatest(ledger.state_updated_at, excluded.state_updated_at),
      reason = case when ${isGithubs} then ledger.reason else excluded.reason end,
      deleted_by = case when ${isGithubs} then ledger.deleted_by else excluded.deleted_by end,
      permanent = excluded.permanent or (ledger.permanent and ledger.lifted_at is null),
      lifted_at = null`.execute(transaction);
}

const isGithubs = sql`not excluded.permanent and ledger.lifted_at is null
  and ledger.reason in ('github-deleted', 'github-transferred')`;

/** The deleted issue that a name stood for; of a repository that was made again under its name, the newest. */
export async function findDeletedKey(
  queries: Queries,
  name: { readonly repository: string; readonly number: number },
): Promise<IssueKey | null> {
  const { rows } = await sql<IssueKey>`
    select repository_id as "repositoryId", number from deletions
     where repository = ${name.repository} and number = ${name.number}::bigint
     order by repository_id desc limit 1`.execute(queries);
  return rows[0] ?? null;
}

/** The next sample issues in order of their keys. */
export async function readSampleKeys(queries: Queries, limit: number): Promise<readonly IssueKey[]> {
  const { rows } = await sql<IssueKey>`
    select repository_id as "repositoryId", number from issues where origin = 'sample'
     order by repository_id, number limit ${limit}`.execute(queries);
  return rows;
}

/** Whether the relay still owes this ledger row to `issues.deletions`, at this version or a newer one. */
export async function isDeletionOwed(queries: Queries, key: string): Promise<boolean> {
  const row = await queries
    .selectFrom('outbox')
    .select('version')
    .where('topic', '=', 'issues.deletions')
    .where('key', '=', key)
    .executeTakeFirst();
  return row !== undefined;
}
