import { describe, expect, it } from 'vitest';
import { policyOf } from './cleanup-policy.ts';
import { cutoffs, retentionBound } from './retention.ts';

const partition = { start: 10, end: 100 };
const deleted = policyOf({ 'cleanup.policy': 'delete', 'retention.ms': '1000' });
const both = policyOf({ 'cleanup.policy': 'compact, delete', 'retention.ms': '1000' });
const compacted = policyOf({ 'cleanup.policy': 'compact', 'retention.ms': '1000' });

describe('retentionBound', () => {
  it.each([
    ['an unread topic keeps everything', deleted, undefined, 10],
    ['a read one goes up to its slowest reader', deleted, 50, 50],
    ['a reader set back before the start holds the start', deleted, 3, 10],
    ['a reader past the end does not matter', deleted, 500, 100],
    ['an unread topic that is also compacted may go', both, undefined, 100],
    ['its readers count as well', both, 50, 50],
    ['a compacted topic has no retention', compacted, 50, 10],
  ])('%s', (_, policy, lowestCommitted, bound) => {
    expect(retentionBound(policy, { ...partition, lowestCommitted })).toBe(bound);
  });
});

describe('cutoffs', () => {
  it('reckons back from now', () => {
    expect(cutoffs(deleted, 5_000)).toEqual({ expired: 4_000, tombstones: undefined });
    expect(cutoffs(compacted, 90_000_000)).toEqual({ expired: undefined, tombstones: 3_600_000 });
  });

  it('knows endless retention', () => {
    expect(cutoffs(policyOf({ 'retention.ms': '-1' }), 5_000).expired).toBeUndefined();
  });
});

describe('policyOf', () => {
  it('falls back to Kafka’s defaults', () => {
    expect(policyOf({})).toEqual({ delete: { retentionMs: 604_800_000 } });
    expect(policyOf({ 'retention.bytes': '5', 'retention.ms': '-1' })).toEqual({
      delete: { retentionBytes: 5 },
    });
  });
});
