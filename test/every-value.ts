import { zstdDecompressSync } from 'node:zlib';
import { sql } from 'kysely';
import { topics } from '../src/contracts/topics.ts';
import type { Queries } from '../src/database/database.ts';
import type { EventLog } from '../src/log/event-log.ts';

interface Column {
  readonly table: string;
  readonly column: string;
  readonly type: string;
}

/** Where in a database some text stands: every value of every column of every table, compressed or not. */
export async function findInDatabase(queries: Queries, text: string): Promise<readonly string[]> {
  const { rows: columns } = await sql<Column>`
    select table_name as table, column_name as column, data_type as type
      from information_schema.columns where table_schema = current_schema()`.execute(queries);
  const found: string[] = [];
  for (const { table, column, type } of columns) {
    const value =
      type === 'bytea' ? sql`encode(${sql.ref(column)}, 'base64')` : sql`${sql.ref(column)}::text`;
    const { rows } = await sql<{ value: string }>`
      select ${value} as value from ${sql.table(table)} where ${sql.ref(column)} is not null`.execute(
      queries,
    );
    const holds =
      type === 'bytea' ? (each: string) => bytesHold(each, text) : (each: string) => each.includes(text);
    if (rows.some((row) => holds(row.value))) found.push(`${table}.${column}`);
  }
  return found;
}

function bytesHold(base64: string, text: string): boolean {
  const bytes = Buffer.from(base64, 'base64');
  return bytes.includes(text) || zstdDecompressSync(bytes).includes(text);
}

/** Topics whose last record of some key holds the text: what compaction leaves. */
export async function findInCompacted(log: EventLog, text: string): Promise<readonly string[]> {
  const found: string[] = [];
  for (const topic of [topics.enriched, topics.deadLetter, topics.deletions]) {
    const last = new Map<string, string>();
    for (const { partition, start } of await log.ranges(topic)) {
      for await (const records of log.read({ topic, partition, from: start })) {
        for (const { key, value, headers } of records) {
          last.set(key, JSON.stringify(headers) + Buffer.from(value ?? []).toString());
        }
      }
    }
    if ([...last.values()].some((record) => record.includes(text))) found.push(topic);
  }
  return found;
}
