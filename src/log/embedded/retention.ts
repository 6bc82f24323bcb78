import type { CleanupPolicy } from './cleanup-policy.ts';

/**
 * Up to which offset retention may take records. Never past the lowest committed offset among the groups that read
 * the topic; and from a topic that is only ever deleted from, nothing while nobody reads it: an accepted webhook
 * is not lost because the reader came late.
 */
export function retentionBound(
  policy: CleanupPolicy,
  partition: { readonly start: number; readonly end: number; readonly lowestCommitted: number | undefined },
): number {
  const { start, end, lowestCommitted } = partition;
  if (policy.delete === undefined) return start;
  if (lowestCommitted === undefined) return policy.compact ? end : start;
  return Math.min(end, Math.max(start, lowestCommitted));
}

/**
 * The cutoffs that a pass at `now` works with: records before them may go; undefined where the policy has none.
 * Like Kafka, retention goes by the records' own timestamps, so restored old records need a raised retention.
 */
export function cutoffs(policy: CleanupPolicy, now: number) {
  const retentionMs = policy.delete?.retentionMs;
  return {
    expired: retentionMs === undefined ? undefined : now - retentionMs,
    tombstones: policy.compact === undefined ? undefined : now - policy.compact.tombstoneMs,
  };
}
