import { sql } from 'kysely';
import type { TopicName } from '../contracts/topics.ts';
import type { Queries } from './database.ts';

export interface OwedRecord {
  readonly topic: TopicName;
  readonly key: string;
  readonly version: number;
}

/**
 * Notes what the relay owes to a topic, one row a key: a newer version replaces an older one, since states are
 * full and the topic compacts. Wakes the relay once this transaction has committed.
 */
export async function owe(transaction: Queries, records: readonly OwedRecord[]): Promise<void> {
  if (records.length === 0) return;
  await sql`
    with owed as (
      insert into outbox (topic, key, version)
      select topic, key, max(version) from json_to_recordset(${JSON.stringify(records)}::json)
        as record(topic text, key text, version bigint)
       group by topic, key
      on conflict (topic, key) do update set version = greatest(outbox.version, excluded.version))
    select pg_notify('outbox', '')`.execute(transaction);
}
