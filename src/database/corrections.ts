import { sql } from 'kysely';
import type { Correction, FieldName } from '../contracts/classification.ts';
import type { IssueKey } from '../contracts/issue.ts';
import type { Queries } from './database.ts';

export interface Correctable {
  readonly version: number;
  readonly ledgerVersion: number | null;
  readonly corrections: Correction;
}

/** What a correction meets; the caller holds the key's lock. Null without an issue. */
export async function readCorrectable(transaction: Queries, key: IssueKey): Promise<Correctable | null> {
  const { rows } = await sql<Correctable>`
    select i.version,
           (select version from deletions d
             where d.repository_id = i.repository_id and d.number = i.number) as "ledgerVersion",
           (select coalesce(json_object_agg(field, value), '{}') from corrections x
             where x.repository_id = i.repository_id and x.number = i.number) as corrections
      from issues i where repository_id = ${key.repositoryId}::bigint and number = ${key.number}::bigint`.execute(
    transaction,
  );
  return rows[0] ?? null;
}

export interface CorrectionChange {
  readonly set: readonly { readonly field: FieldName; readonly value: unknown }[];
  readonly undo: readonly FieldName[];
  readonly by: string;
  readonly at: Date;
  /** Of the issue from now on. */
  readonly version: number;
}

/** Sets and undoes fields, and brings what lists filter by and the issue's version along. */
export async function writeCorrections(
  transaction: Queries,
  key: IssueKey,
  change: CorrectionChange,
): Promise<void> {
  const issue = sql`repository_id = ${key.repositoryId}::bigint and number = ${key.number}::bigint`;
  await sql`
    with undone as (
      delete from corrections where ${issue} and field in (
        select json_array_elements_text(${JSON.stringify(change.undo)}::json)))
    insert into corrections (repository_id, number, field, value, corrected_by, corrected_at)
    select ${key.repositoryId}::bigint, ${key.number}::bigint, field, coalesce(value, 'null'), ${change.by},
           ${change.at.toISOString()}::timestamptz
      from json_to_recordset(${JSON.stringify(change.set)}::json) as set_now(field text, value jsonb)
    on conflict (repository_id, number, field) do update set
      value = excluded.value, corrected_by = excluded.corrected_by, corrected_at = excluded.corrected_at`.execute(
    transaction,
  );
  await sql`
    with renewed as (
      update issues set version = ${change.version}::bigint where ${issue}),
    person as (
      select field, value from corrections where ${issue})
    update classifications set
      category = coalesce((select value #>> '{}' from person where field = 'category'), answer #>> '{category,value}'),
      confidence = case when exists (select from person where field = 'category') then 1
                        else (answer #>> '{category,confidence}')::real end,
      priority = coalesce((select value #>> '{}' from person where field = 'priority'), answer #>> '{priority,value}'),
      shown_source = case when exists (select from person) then 'person' else source end
     where ${issue}`.execute(transaction);
}
