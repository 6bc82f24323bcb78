import { sql } from 'kysely';
import type { Queries } from './database.ts';

/** Notes the log that this database belongs to, unless it belongs to one already. */
export async function pairWith(
  queries: Queries,
  log: { readonly clusterId: string; readonly topicIds: Readonly<Record<string, string>> },
): Promise<void> {
  await sql`
    update pairing set cluster_id = ${log.clusterId}, topic_ids = ${JSON.stringify(log.topicIds)}::jsonb, paired_at = now()
     where cluster_id is null`.execute(queries);
}
