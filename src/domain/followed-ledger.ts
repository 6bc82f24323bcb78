import type { DeletionRecord } from '../contracts/topics.ts';
import { isErased, isFinal, type LedgerEntry, refusedByLedger } from './deletion-ledger.ts';

/** What of a ledger row decides which of two is the later word. */
export type LedgerRow = Omit<DeletionRecord, 'type'>;

/**
 * Merges two rows of one issue's ledger: the later of deleted and lifted stands, and a permanent row is never lifted.
 * The version is the higher one, so that nothing drawn from it goes back.
 */
export function mergeLedgerRows(held: LedgerRow | null, read: LedgerRow): LedgerRow {
  if (held === null) return read;
  const later = isLater(read, held) ? read : held;
  return {
    ...later,
    stateUpdatedAt: latest(held.stateUpdatedAt, read.stateUpdatedAt),
    version: Math.max(held.version, read.version),
  };
}

/** A row that bars its issue for ever. */
export const isPermanent = (row: LedgerRow | null): boolean => row !== null && isErased(entryOf(row));

/** Whether nothing newer undoes the deletion: an erasure, or GitHub's own, until somebody lifts it. */
export const standsForGood = (row: LedgerRow): boolean => isPermanent(row) || isFinal(entryOf(row));

/**
 * Whether the row keeps away an issue whose state is of this `updated_at`, whatever its version: a database that was put
 * back goes on with what had been deleted, and draws higher versions for it, until it has followed its own topics.
 */
export const bars = (row: LedgerRow | null, updatedAt: string): boolean =>
  row !== null && refusedByLedger({ second: Date.parse(updatedAt) }, entryOf(row)) !== null;

const entryOf = (row: LedgerRow): LedgerEntry => ({
  version: row.version,
  deletedAt: Date.parse(row.deletedAt),
  stateSecond: instantOf(row.stateUpdatedAt),
  permanent: row.permanent,
  reason: row.reason,
  lifted: row.liftedAt !== null,
});

export function sameLedgerRow(a: LedgerRow, b: LedgerRow): boolean {
  return (
    a.version === b.version &&
    a.repository === b.repository &&
    a.reason === b.reason &&
    a.deletedBy === b.deletedBy &&
    a.permanent === b.permanent &&
    instantOf(a.deletedAt) === instantOf(b.deletedAt) &&
    instantOf(a.liftedAt) === instantOf(b.liftedAt) &&
    instantOf(a.stateUpdatedAt) === instantOf(b.stateUpdatedAt)
  );
}

function isLater(a: LedgerRow, b: LedgerRow): boolean {
  if (a.permanent !== b.permanent) return a.permanent;
  return wordOf(a) - wordOf(b) > 0 || (wordOf(a) === wordOf(b) && a.version > b.version);
}

/** When this row last said something. */
const wordOf = (row: LedgerRow): number =>
  Math.max(Date.parse(row.deletedAt), row.liftedAt === null ? 0 : Date.parse(row.liftedAt));

const instantOf = (text: string | null): number | null => (text === null ? null : Date.parse(text));

function latest(a: string | null, b: string | null): string | null {
  if (a === null || b === null) return a ?? b;
  return Date.parse(a) >= Date.parse(b) ? a : b;
}
