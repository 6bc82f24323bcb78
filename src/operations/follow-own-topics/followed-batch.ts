import type { z } from 'zod';
import { type IssueKey, parseKey } from '../../contracts/issue.ts';
import type { Followed } from '../../domain/followed-record.ts';
import type { LogRecord } from '../../log/event-log.ts';

export type FollowedKey<Record> = Followed<Record> & { readonly key: IssueKey; readonly text: string };

/**
 * What a batch of an own topic holds of each key. Keys that are no issue's (the pairing's among them) are passed over;
 * a value that the schema does not take is none of ours and counts as older than everything.
 */
export function followedBatch<Record extends IssueKey & { readonly version: number }>(
  records: readonly LogRecord[],
  schema: z.ZodType<Record>,
): readonly FollowedKey<Record>[] {
  const byKey = new Map<string, FollowedKey<Record> & { readonly all: Record[] }>();
  for (const { key: text, value, timestamp } of records) {
    const key = parseKey(text);
    if (key === null) continue;
    const before = byKey.get(text) ?? { key, text, last: 0, highest: 0, record: null, all: [], timestamp };
    const record = readRecord(value, key, schema);
    if (record !== null) before.all.push(record);
    if (record !== null && record.version > before.highest) {
      byKey.set(text, { ...before, last: record.version, highest: record.version, record, timestamp });
    } else {
      byKey.set(text, { ...before, last: record?.version ?? 0 });
    }
  }
  return [...byKey.values()];
}

function readRecord<Record extends IssueKey>(
  value: Uint8Array | null,
  key: IssueKey,
  schema: z.ZodType<Record>,
): Record | null {
  const parsed = value === null ? null : schema.safeParse(parseJson(value));
  if (!parsed?.success) return null;
  const { repositoryId, number } = parsed.data;
  return repositoryId === key.repositoryId && number === key.number ? parsed.data : null;
}

function parseJson(value: Uint8Array): unknown {
  try {
    return JSON.parse(Buffer.from(value.buffer, value.byteOffset, value.byteLength).toString());
  } catch (error) {
    if (error instanceof SyntaxError) return null;
    throw error;
  }
}
