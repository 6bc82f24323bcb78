import { type NewRecord, RecordTooLargeError } from '../event-log.ts';
import { partitionOf } from '../murmur2.ts';
import type { EncodedRecord } from './partition.ts';

/** What a Kafka record adds to its bytes at most: the batch's header and the record's own varints. */
const recordOverhead = 90;
const headerOverhead = 10;

export interface PreparedRecord extends EncodedRecord {
  readonly partition: number;
  /** Size as `max.message.bytes` counts it, about. */
  readonly bytes: number;
}

/**
 * Places a record by its key and brings it into its stored form. Lone surrogates become U+FFFD, as in every text
 * that goes through UTF-8.
 * @throws RecordTooLargeError
 */
export function encodeRecord(
  record: NewRecord,
  topic: { readonly partitions: number; readonly maxBytes: number },
  now: number,
): PreparedRecord {
  const key = Buffer.from(record.key);
  const headers = Object.entries(record.headers).map(
    ([name, value]) => [name.toWellFormed(), value.toWellFormed()] as const,
  );
  const headerBytes = headers.map(
    ([name, value]) => Buffer.byteLength(name) + Buffer.byteLength(value) + headerOverhead,
  );
  const bytes =
    recordOverhead + key.length + (record.value?.length ?? 0) + headerBytes.reduce((sum, n) => sum + n, 0);
  if (bytes > topic.maxBytes) {
    throw new RecordTooLargeError(
      `a record of ${bytes} bytes is over the ${topic.maxBytes} that ${record.topic} takes`,
    );
  }
  // Checked here, alone: what the table refuses would fail everybody who shares the transaction.
  const timestamp = Math.trunc(record.timestamp ?? now);
  if (!Number.isSafeInteger(timestamp)) throw new RangeError(`${record.timestamp} is no timestamp`);
  return {
    partition: partitionOf(key, topic.partitions),
    bytes,
    timestamp,
    key: record.key.toWellFormed(),
    headers: headers.length === 0 ? null : JSON.stringify(Object.fromEntries(headers)),
    value: record.value,
  };
}
