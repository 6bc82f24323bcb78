import { sql } from 'kysely';
import { formatKey, type IssueKey } from '../contracts/issue.ts';
import type { LedgerRow } from '../domain/followed-ledger.ts';
import type { HeldKey, OwnTopic } from '../domain/followed-record.ts';
import type { Queries } from './database.ts';

type Row = IssueKey & HeldKey;

/**
 * What the database holds of these keys before records of an own topic are taken in, by topic key; the caller holds
 * their locks.
 */
export async function readHeldKeys(
  transaction: Queries,
  topic: OwnTopic,
  keys: readonly IssueKey[],
): Promise<ReadonlyMap<string, HeldKey>> {
  const wanted = keys.map((key) => ({ ...key, text: formatKey(key) }));
  const { rows } = await sql<Row & { readonly ledger: LedgerRow | null }>`
    select key."repositoryId", key.number, i.version as "issueVersion",
           ${time('i.updated_at')} as "issueUpdatedAt", o.version as owed,
           i.version is null and exists (
             select from events e where e.repository_id = key."repositoryId" and e.number = key.number
                                    and e.status = 'applied'
                                    and (d.version is null or (d.lifted_at is null
                                         and e.updated_at > greatest(d.deleted_at, d.state_updated_at))))
             as "hasApplied",
           case when d.version is not null then json_build_object(
             'repositoryId', key."repositoryId", 'number', key.number, 'repository', d.repository,
             'version', d.version, 'deletedAt', ${time('d.deleted_at')}, 'stateUpdatedAt', ${time('d.state_updated_at')},
             'reason', d.reason, 'deletedBy', d.deleted_by, 'permanent', d.permanent,
             'liftedAt', ${time('d.lifted_at')}) end as ledger
      from json_to_recordset(${JSON.stringify(wanted)}::json)
        as key("repositoryId" bigint, number bigint, text text)
      left join lateral (
        select version, updated_at from issues
         where repository_id = key."repositoryId" and number = key.number offset 0) i on true
      left join lateral (
        select * from deletions
         where repository_id = key."repositoryId" and number = key.number offset 0) d on true
      left join lateral (
        select version from outbox where topic = ${topic} and outbox.key = key.text offset 0) o on true`.execute(
    transaction,
  );
  return new Map(rows.map((row) => [formatKey(row), row]));
}

const time = (column: string) =>
  sql`to_char(${sql.ref(column)} at time zone 'UTC', ${sql.lit('YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')})`;
