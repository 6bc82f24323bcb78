import { sql } from 'kysely';
import type { IssueKey } from '../contracts/issue.ts';
import type { Queries } from './database.ts';

/**
 * Notes that issues had texts which a model answered: an erasure has to find the answers to former texts, whose events
 * may be gone. Texts that wait for a model are noted with their tasks.
 */
export async function noteModelContents(
  transaction: Queries,
  contents: readonly (IssueKey & { readonly contentHash: string })[],
): Promise<void> {
  if (contents.length === 0) return;
  const rows = contents.map(({ repositoryId, number, contentHash }) => ({
    repositoryId,
    number,
    contentHash,
  }));
  await sql`
    insert into ai_contents
    select "repositoryId", number, "contentHash" from json_to_recordset(${JSON.stringify(rows)}::json)
      as content("repositoryId" bigint, number bigint, "contentHash" text)
    on conflict do nothing`.execute(transaction);
}
