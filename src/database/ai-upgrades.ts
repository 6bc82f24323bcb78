import { sql } from 'kysely';
import type { Correction } from '../contracts/classification.ts';
import type { IssueKey } from '../contracts/issue.ts';
import type { Queries } from './database.ts';

/** What a model's answer meets of its issue; the caller holds the key's lock. */
export interface Upgradable {
  /** Null without an issue. */
  readonly issue: { readonly version: number; readonly contentHash: string } | null;
  readonly ledgerVersion: number | null;
  /** A permanent deletion that nobody lifted: nothing of the issue may be kept. */
  readonly isErased: boolean;
  readonly corrections: Correction;
  /** The current answer; null when there is none. */
  readonly current: {
    readonly contentHash: string;
    readonly source: 'local' | 'model';
    readonly cacheKey: string;
    readonly degraded: string | null;
  } | null;
}

export async function readUpgradable(transaction: Queries, key: IssueKey): Promise<Upgradable> {
  const { rows } = await sql<Upgradable>`
    select case when i.version is not null then json_build_object(
             'version', i.version, 'contentHash', i.content_hash) end as issue,
           d.version as "ledgerVersion", coalesce(d.permanent and d.lifted_at is null, false) as "isErased",
           coalesce((select json_object_agg(field, value) from corrections
                      where repository_id = key.repository_id and number = key.number), '{}') as corrections,
           case when c.source is not null then json_build_object(
             'contentHash', c.content_hash, 'source', c.source, 'cacheKey', c.cache_key, 'degraded', c.degraded)
           end as current
      from (select ${key.repositoryId}::bigint as repository_id, ${key.number}::bigint as number) key
      left join issues i using (repository_id, number)
      left join deletions d using (repository_id, number)
      left join classifications c using (repository_id, number)`.execute(transaction);
  const [row] = rows;
  if (!row) throw new Error('a select of one row gave none');
  return row;
}

/** Changes why an issue still has the local answer, and its version with it. */
export async function setDegraded(
  transaction: Queries,
  { repositoryId, number }: IssueKey,
  degraded: string,
): Promise<void> {
  await sql`
    update classifications set degraded = ${degraded}
     where repository_id = ${repositoryId}::bigint and number = ${number}::bigint`.execute(transaction);
}

/** Whether another issue of the repository still waits for an answer to this text. */
export async function isWantedElsewhere(
  transaction: Queries,
  { repositoryId, number }: IssueKey,
  contentHash: string,
): Promise<boolean> {
  const { rows } = await sql`
    select from ai_tasks where repository_id = ${repositoryId}::bigint and content_hash = ${contentHash}
       and number <> ${number}::bigint limit 1`.execute(transaction);
  return rows.length > 0;
}
