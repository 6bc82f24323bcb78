import type { RecordsBatch } from '@platformatic/kafka';
import { describe, expect, it } from 'vitest';
import { committedBatches } from './client-workarounds.ts';

const transactional = 1 << 4;
const control = 1 << 5;

const batch = (firstOffset: number, more: Partial<RecordsBatch> = {}) =>
  ({
    firstOffset: BigInt(firstOffset),
    lastOffsetDelta: 0,
    producerId: 7n,
    attributes: transactional,
    records: [],
    ...more,
  }) as unknown as RecordsBatch;
const marker = (firstOffset: number, type: 'abort' | 'commit', producerId = 7n) => {
  const key = Buffer.from([0, 0, 0, type === 'abort' ? 0 : 1]);
  return batch(firstOffset, { producerId, attributes: transactional | control, records: [{ key }] as never });
};
const aborted = (producerId: bigint, firstOffset: number) => ({
  producerId,
  firstOffset: BigInt(firstOffset),
});
const offsets = (batches: readonly RecordsBatch[]) => batches.map(({ firstOffset }) => Number(firstOffset));

describe('committed batches', () => {
  it('leave out every aborted transaction of a producer, and all control records', () => {
    const batches = [
      batch(0),
      marker(1, 'abort'),
      batch(2),
      marker(3, 'commit'),
      batch(4),
      marker(5, 'abort'),
      batch(6),
    ];
    expect(offsets(committedBatches(batches, [aborted(7n, 4), aborted(7n, 0)]))).toEqual([2, 6]);
  });

  it('tell producers apart, and records outside transactions from all of them', () => {
    const batches = [
      batch(0),
      batch(1, { producerId: 8n }),
      batch(2, { attributes: 0 }),
      marker(3, 'commit', 8n),
      marker(4, 'abort'),
    ];
    expect(offsets(committedBatches(batches, [aborted(7n, 0)]))).toEqual([1, 2]);
  });

  it('leave out a transaction whose end is in a later answer, or whose beginning was in an earlier one', () => {
    expect(offsets(committedBatches([batch(0), batch(1)], [aborted(7n, 0)]))).toEqual([]);
    expect(offsets(committedBatches([batch(5), marker(6, 'abort'), batch(7)], [aborted(7n, 2)]))).toEqual([
      7,
    ]);
    expect(offsets(committedBatches([batch(0)], null))).toEqual([0]);
  });
});
