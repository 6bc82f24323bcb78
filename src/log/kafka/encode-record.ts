import type { MessageRecord } from '@platformatic/kafka';
import type { NewRecord } from '../event-log.ts';
import { partitionOf } from '../murmur2.ts';
import { tombstone } from './client-workarounds.ts';

/** A record as the client takes it, with the partition chosen here, so that it is known. */
export interface EncodedRecord {
  readonly partition: number;
  readonly message: MessageRecord;
  /** About what it adds to a batch. */
  readonly bytes: number;
}

const recordOverhead = 30;
const headerOverhead = 6;

/** Text becomes UTF-8, in which a lone surrogate is U+FFFD. */
export function encodeRecord(
  record: NewRecord,
  topic: { readonly name: string; readonly partitions: number },
  now: number,
): EncodedRecord {
  const key = Buffer.from(record.key);
  const headers = new Map(
    Object.entries(record.headers).map(([name, value]) => [Buffer.from(name), Buffer.from(value)]),
  );
  const timestamp = Math.trunc(record.timestamp ?? now);
  if (!Number.isSafeInteger(timestamp)) throw new RangeError(`${record.timestamp} is no timestamp`);
  const partition = partitionOf(key, topic.partitions);
  let bytes = recordOverhead + key.length + (record.value?.length ?? 0);
  for (const [name, value] of headers) bytes += name.length + value.length + headerOverhead;
  return {
    partition,
    bytes,
    message: {
      topic: topic.name,
      partition,
      key,
      value: record.value === null ? tombstone : bufferOf(record.value),
      headers,
      timestamp: BigInt(timestamp),
    },
  };
}

const bufferOf = (bytes: Uint8Array) => Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
