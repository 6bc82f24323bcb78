import type { DeletionRecord, EnrichedRecord } from '../contracts/topics.ts';
import {
  bars,
  isPermanent,
  type LedgerRow,
  mergeLedgerRows,
  sameLedgerRow,
  standsForGood,
} from './followed-ledger.ts';
import { nextVersion } from './version.ts';

/** What a batch of an own topic holds of one key. */
export interface Followed<Record> {
  /** Version of the last record: what compaction will leave. 0 when it is none of ours. */
  readonly last: number;
  /** The highest version among them: what some reader may have acted on. 0 when none is ours. */
  readonly highest: number;
  /** The record with the highest version; null when none is ours. */
  readonly record: Record | null;
  /** All of ours, in order. */
  readonly all: readonly Record[];
  /** Of that record, by the log, in milliseconds. */
  readonly timestamp: number;
}

/** What the database holds of the key, read under its lock. */
export interface HeldKey {
  readonly issueVersion: number | null;
  /** `updated_at` of its state. */
  readonly issueUpdatedAt: string | null;
  readonly ledger: LedgerRow | null;
  /** Whether an event of the issue was applied, after its deletion if it has one. Without a row it is missing then, not unknown. */
  readonly hasApplied: boolean;
  /** The version that the outbox owes to this topic. */
  readonly owed: number | null;
}

export type FollowedDecision = {
  /** The state to take in. */
  readonly issue: Extract<EnrichedRecord, { type: 'issue' }> | null;
  /** States whose answers were paid for: those are kept also where the states are not taken in. */
  readonly paid: readonly Extract<EnrichedRecord, { type: 'issue' }>[];
  /** The ledger row to write. */
  readonly ledger: LedgerRow | null;
  /** Whether the issue's row, answer, corrections and task go. */
  readonly removesIssue: boolean;
  /** Whether the topic already has what the outbox owes of the key. */
  readonly isPublished: boolean;
  /** A version drawn for the row, issue or ledger, whose state has to be published above everything in the topic. */
  readonly raisesTo: number | null;
  /** What is owed because a topic's last record is not the newest state. */
  readonly owes: readonly { readonly topic: OwnTopic; readonly version: number }[];
};

/** The topics that a group writes itself; what the database holds is read back from them, in this order. */
export const ownTopics = ['issues.deletions', 'issues.enriched'] as const;
export type OwnTopic = (typeof ownTopics)[number];

/**
 * What to do about a key of `issues.enriched`: take in what lies above both the row and the ledger row, note what is
 * published already, and owe the key again when its last record is older than what is known. A state may get a new
 * version for that, above everything in the topic, since no reader goes back.
 */
export function followEnriched(
  read: Followed<EnrichedRecord>,
  held: HeldKey,
  nowMs: number,
): FollowedDecision {
  const known = Math.max(held.issueVersion ?? 0, held.ledger?.version ?? 0);
  const isBarred = read.record?.type === 'issue' && bars(held.ledger, read.record.issue.updatedAt);
  const record =
    read.record && read.record.version > known && !isBarred && !isMissing(read.record, held)
      ? read.record
      : null;
  const newest = record?.version ?? known;
  const isPublished = held.owed !== null && held.owed <= read.highest;
  const isOwed = held.owed !== null && !isPublished;
  const isBehind = newest > 0 && (read.last < newest || (isBarred && read.highest >= newest)) && !isOwed;
  const raisesTo = isBehind ? nextVersion([newest, read.highest], nowMs) : null;
  const isDeleted = record ? record.type === 'deleted' : held.issueVersion === null;
  // A ledger row that gets a new version has it on its own topic too.
  const raised = isDeleted ? ownTopics : (['issues.enriched'] as const);
  return {
    issue: record?.type === 'issue' ? record : null,
    paid: isPermanent(held.ledger) ? [] : read.all.filter(isPaid),
    ledger: record?.type === 'deleted' ? ledgerAfter(held.ledger, deletionOf(record, read.timestamp)) : null,
    removesIssue: record?.type === 'deleted' && held.issueVersion !== null,
    isPublished,
    raisesTo,
    owes: raisesTo === null ? [] : raised.map((topic) => ({ topic, version: raisesTo })),
  };
}

/** What to do about a key of `issues.deletions`: merge the ledger rows, and remove an issue that they keep away. */
export function followDeletions(read: Followed<DeletionRecord>, held: HeldKey): FollowedDecision {
  const isPublished = held.owed !== null && held.owed <= read.highest;
  const isOwed = held.owed !== null && !isPublished;
  const merged = read.record ? mergeLedgerRows(held.ledger, read.record) : held.ledger;
  const differs = merged !== null && (held.ledger === null || !sameLedgerRow(merged, held.ledger));
  const isBehind =
    merged !== null &&
    (read.record === null || read.last < merged.version || !sameLedgerRow(merged, read.record));
  const isNewest = merged !== null && (held.issueVersion ?? 0) < merged.version;
  // A version that is known here is on the other topic, or owed to it.
  const isNews = merged !== null && merged.version > (held.ledger?.version ?? 0);
  const isBarred = held.issueUpdatedAt === null ? isPermanent(merged) : bars(merged, held.issueUpdatedAt);
  // The deletion goes above what it removes.
  const raisesTo =
    merged !== null && isBarred && !isNewest ? nextVersion([held.issueVersion, merged.version], 0) : null;
  return {
    issue: null,
    paid: [],
    ledger: differs ? merged : null,
    removesIssue: (isNewest || raisesTo !== null) && merged?.liftedAt === null && held.issueVersion !== null,
    isPublished,
    raisesTo,
    owes:
      raisesTo !== null
        ? ownTopics.map((topic) => ({ topic, version: raisesTo }))
        : [
            // Repeating a ledger row does no harm, and a version above a recreated issue's would.
            ...(isBehind && !isOwed ? [{ topic: 'issues.deletions' as const, version: merged.version }] : []),
            // Should the log have been lost between the two topics; where it was not, following the other one settles this.
            ...(isNews && isNewest ? [{ topic: 'issues.enriched' as const, version: merged.version }] : []),
          ],
  };
}

const isPaid = (record: EnrichedRecord): record is Extract<EnrichedRecord, { type: 'issue' }> =>
  record.type === 'issue' && record.classification?.source === 'model';

/** An issue with events but no row is missing: the report names it, and nothing brings it back by itself. */
const isMissing = (record: EnrichedRecord, held: HeldKey): boolean =>
  record.type === 'issue' && held.issueVersion === null && held.hasApplied;

/** What is known of a deletion that stands for good is more than a record of `issues.enriched` says: only its version counts. */
const ledgerAfter = (held: LedgerRow | null, read: LedgerRow): LedgerRow =>
  held !== null && standsForGood(held)
    ? { ...held, version: Math.max(held.version, read.version) }
    : mergeLedgerRows(held, read);

/** A deletion whose ledger row never reached `issues.deletions`: who and why went with the database. */
function deletionOf(record: Extract<EnrichedRecord, { type: 'deleted' }>, timestamp: number): LedgerRow {
  const { repositoryId, number, repository, version } = record;
  return {
    repositoryId,
    number,
    repository,
    version,
    deletedAt: new Date(timestamp).toISOString(),
    stateUpdatedAt: null,
    reason: 'person',
    deletedBy: 'unknown: taken over from issues.enriched',
    permanent: false,
    liftedAt: null,
  };
}
