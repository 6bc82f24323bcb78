import { describe, expect, it } from 'vitest';
import { partitionOf } from '../murmur2.ts';
import { encodeRecord } from './encode-record.ts';

const topic = { name: 'issues.raw.branch', partitions: 3 };
const record = {
  topic: 'issues.raw',
  key: '12#3',
  value: new Uint8Array([1, 2]),
  headers: { event: 'issues' },
} as const;

describe('an encoded record', () => {
  it('has its partition from its key, and the log’s time where it has none of its own', () => {
    const { partition, message } = encodeRecord(record, topic, 1_700_000_000_000);
    expect(partition).toBe(partitionOf(Buffer.from('12#3'), 3));
    expect(message).toMatchObject({ topic: topic.name, partition, timestamp: 1_700_000_000_000n });
    expect(encodeRecord({ ...record, timestamp: 5.9 }, topic, 0).message.timestamp).toBe(5n);
  });

  it('keeps a tombstone apart from an empty value', () => {
    expect(encodeRecord({ ...record, value: null }, topic, 0).message.value).toBeNull();
    expect(encodeRecord({ ...record, value: new Uint8Array() }, topic, 0).message.value).toHaveLength(0);
  });

  it('refuses what is no time, before it can fail others', () => {
    expect(() => encodeRecord({ ...record, timestamp: Number.NaN }, topic, 0)).toThrow(RangeError);
  });
});
