import { describe, expect, it } from 'vitest';
import { RecordQueue } from './record-queue.ts';

const queueOf = (...sizes: number[]) => {
  const queue = new RecordQueue();
  for (const [offset, size] of sizes.entries()) {
    const place = { topic: 'issues.raw', partition: 0, offset } as const;
    queue.push({ ...place, timestamp: 0, key: '', value: new Uint8Array(size), headers: {} });
  }
  return queue;
};
const offsets = (queue: RecordQueue, records: number, bytes: number) =>
  queue.take({ records, bytes }).map(({ offset }) => offset);

describe('a queue of records', () => {
  it('gives batches by number, in order', () => {
    const queue = queueOf(1, 1, 1, 1, 1);
    expect(offsets(queue, 2, 100)).toEqual([0, 1]);
    expect(offsets(queue, 2, 100)).toEqual([2, 3]);
    expect(offsets(queue, 2, 100)).toEqual([4]);
    expect(offsets(queue, 2, 100)).toEqual([]);
  });

  it('ends a batch once it has the bytes, and always gives one', () => {
    const queue = queueOf(6, 6, 500, 1);
    expect(offsets(queue, 10, 10)).toEqual([0, 1]);
    expect(offsets(queue, 10, 10)).toEqual([2]);
    expect(queue.bytes).toBe(1);
    expect(offsets(queue, 10, 10)).toEqual([3]);
    expect(queue.bytes).toBe(0);
  });
});
