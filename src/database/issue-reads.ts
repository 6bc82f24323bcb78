import { sql } from 'kysely';
import type { IssueKey } from '../contracts/issue.ts';
import type { Deleted, Issue } from '../contracts/rest.ts';
import type { Queries } from './database.ts';
import { type IssueRow, issueColumns, issueOfRow } from './issue-rows.ts';

export interface IssueName {
  /** `owner/name`. */
  readonly repository: string;
  readonly number: number;
}

/**
 * The issue that a name stands for. A repository may be deleted and made again under its name; GitHub's ids only
 * grow, so the newest repository id is the one that has the name now. Samples have negative ids and give way.
 */
export async function findIssueKey(queries: Queries, name: IssueName): Promise<IssueKey | null> {
  const { rows } = await sql<IssueKey>`
    select repository_id as "repositoryId", number from issues
     where repository = ${name.repository} and number = ${name.number}::bigint
     order by repository_id desc limit 1`.execute(queries);
  return rows[0] ?? null;
}

export async function readIssue(queries: Queries, key: IssueKey): Promise<Issue | null> {
  const { rows } = await sql<IssueRow>`
    select ${issueColumns('with-body')}
      from issues i left join classifications c using (repository_id, number)
     where i.repository_id = ${key.repositoryId}::bigint and i.number = ${key.number}::bigint`.execute(
    queries,
  );
  return rows[0] ? issueOfRow(rows[0]) : null;
}

/** What was deleted since then and has not come back; newest first. */
export async function readDeletedSince(
  queries: Queries,
  since: Date,
  limit: number,
): Promise<readonly Deleted[]> {
  const { rows } = await sql<Deleted>`
    select repository_id as "repositoryId", repository, number, version from deletions d
     where deleted_at >= ${since.toISOString()}::timestamptz and lifted_at is null
       and not exists (select from issues i where i.repository_id = d.repository_id and i.number = d.number)
     order by deleted_at desc limit ${limit}`.execute(queries);
  return rows;
}

export interface RepositoryCount {
  readonly repository: string;
  readonly count: number;
}

/** Names with their number of issues, most first. */
export async function readRepositories(queries: Queries, limit: number): Promise<readonly RepositoryCount[]> {
  const { rows } = await sql<RepositoryCount>`
    select repository, count(*) as count from issues
     group by repository order by count(*) desc, repository limit ${limit}`.execute(queries);
  return rows;
}
