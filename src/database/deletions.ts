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
  readonly repository: string;
  readonly version: number;
}

/**
 * Deletes issues with their answers, corrections and tasks, and writes the ledger rows that keep them deleted. A
 * deletion that GitHub made, or that is permanent, stays so: this one may not weaken it.
 */
export async function deleteThroughLedger(
  transaction: Queries,
  deletions: readonly NewDeletion[],
  how: { readonly reason: DeletionRecord['reason']; readonly by: string; readonly at: Date },
): Promise<void> {
  const named = sql`json_to_recordset(${JSON.stringify(deletions)}::json)
    as gone("repositoryId" bigint, number bigint, repository text, version bigint)`;
  await sql`
    with gone as materialized (select * from ${named}),
    held as materialized (
      select i.repository_id, i.number, i.updated_at
        from gone join issues i on i.repository_id = gone."repositoryId" and i.number = gone.number),
    classifications_gone as (
      delete from classifications c using gone where c.repository_id = gone."repositoryId" and c.number = gone.number),
    corrections_gone as (
      delete from corrections c using gone where c.repository_id = gone."repositoryId" and c.number = gone.number),
    tasks_gone as (
      delete from ai_tasks t using gone where t.repository_id = gone."repositoryId" and t.number = gone.number),
    issues_gone as (
      delete from issues i using gone where i.repository_id = gone."repositoryId" and i.number = gone.number)
    insert into deletions as ledger (repository_id, number, repository, version, deleted_at, state_updated_at, reason,
                           deleted_by, permanent, lifted_at)
    select gone."repositoryId", gone.number, gone.repository, gone.version, ${how.at.toISOString()}::timestamptz,
           held.updated_at, ${how.reason}, ${how.by}, false, null
      from gone left join held on held.repository_id = gone."repositoryId" and held.number = gone.number
    on conflict (repository_id, number) do update set
      repository = excluded.repository,
      version = excluded.version,
      deleted_at = excluded.deleted_at,
      state_updated_at = greatest(ledger.state_updated_at, excluded.state_updated_at),
      reason = case when ledger.lifted_at is null and ledger.reason in ('github-deleted', 'github-transferred')
                    then ledger.reason else excluded.reason end,
      deleted_by = excluded.deleted_by,
      permanent = ledger.permanent and ledger.lifted_at is null,
      lifted_at = null`.execute(transaction);
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
