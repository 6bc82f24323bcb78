import type { IssueEvent } from './issue-event.ts';

/** What the ledger remembers of an issue. Times are milliseconds. */
export interface LedgerEntry {
  readonly version: number;
  readonly deletedAt: number;
  /** `updated_at` of the deleted state; null when the issue was never seen. */
  readonly stateSecond: number | null;
  readonly permanent: boolean;
  readonly reason: 'person' | 'github-deleted' | 'github-transferred' | 'sample';
  readonly lifted: boolean;
}

/** Whether GitHub itself removed the issue, and nobody has lifted that since. */
export const isFinal = (entry: LedgerEntry | null): boolean =>
  entry !== null &&
  !entry.lifted &&
  (entry.reason === 'github-deleted' || entry.reason === 'github-transferred');

/** Whether the issue was erased: nothing that comes of it is kept any more, but that it came. */
export const isErased = (entry: { readonly permanent: boolean; readonly lifted: boolean } | null): boolean =>
  entry?.permanent === true && !entry.lifted;

export const erasedReason = 'the issue was deleted for good';

/**
 * Why the ledger refuses an event, or null when it lets it pass. Only an `updated_at` later than both the deletion
 * and the state that was deleted is genuinely newer; GitHub's own deletions and permanent ones refuse even that.
 */
export function refusedByLedger(event: Pick<IssueEvent, 'second'>, entry: LedgerEntry | null): string | null {
  if (entry === null || entry.lifted) return null;
  if (entry.permanent) return erasedReason;
  if (entry.reason === 'github-deleted') return 'the issue was deleted on GitHub';
  if (entry.reason === 'github-transferred') return 'the issue was transferred to another repository';
  const barrier = Math.max(entry.deletedAt, entry.stateSecond ?? 0);
  return event.second > barrier ? null : 'the issue was deleted after this event';
}
