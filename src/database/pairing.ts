import { sql } from 'kysely';
import type { Queries } from './database.ts';

export interface Pairing {
  readonly databaseId: string;
  /** Names the feed that this database publishes; new whenever the topic is written anew. */
  readonly feedId: string;
  /** The log that this database belongs to; null until its first claim. */
  readonly clusterId: string | null;
  readonly topicIds: Readonly<Record<string, string>> | null;
}

export async function readPairing(queries: Queries): Promise<Pairing> {
  const row = await queries.selectFrom('pairing').selectAll().executeTakeFirstOrThrow();
  return {
    databaseId: row.database_id,
    feedId: row.feed_id,
    clusterId: row.cluster_id,
    topicIds: row.topic_ids as Readonly<Record<string, string>> | null,
  };
}

/** Notes the log that this database belongs to, unless it belongs to one already. */
export async function pairWith(
  queries: Queries,
  log: { readonly clusterId: string; readonly topicIds: Readonly<Record<string, string>> },
): Promise<void> {
  await sql`
    update pairing set cluster_id = ${log.clusterId}, topic_ids = ${JSON.stringify(log.topicIds)}::jsonb, paired_at = now()
     where cluster_id is null`.execute(queries);
}
