import type { IssueKey } from '../contracts/issue.ts';
import type { Queries } from '../database/database.ts';
import { eraseAnswers, eraseEvents } from '../database/erasures.ts';
import { nextVersion } from '../domain/version.ts';

/**
 * Removes what issues said from everywhere but their own rows: the part that an erasure has beside a deletion. The
 * caller holds the keys' locks and writes the ledger rows that bar them for ever, in the same transaction.
 */
export async function eraseTexts(
  transaction: Queries,
  keys: readonly IssueKey[],
  nowMs: number,
): Promise<void> {
  if (keys.length === 0) return;
  await eraseEvents(transaction, keys, nextVersion([], nowMs));
  await eraseAnswers(transaction, keys);
}
