import { formatKey, type IssueKey } from '../contracts/issue.ts';
import type { Database } from '../database/database.ts';
import { countErasable, type ErasableCounts, isErasureOwed } from '../database/erasures.ts';
import { lockIssueKeys } from '../database/key-locks.ts';
import type { Clock } from '../effects/clock.ts';
import { awaitPublished, deleteKeys } from './delete-issue.ts';
import { eraseTexts } from './erase-texts.ts';

export interface EraseIssue {
  readonly key: IssueKey;
  /** `owner/name` for the ledger, of an issue that was never seen; a stored issue's own name wins. */
  readonly repository: string;
  readonly by: string;
  /** For the audit. */
  readonly why: string;
}

export interface Erased {
  readonly version: number;
  readonly repository: string;
  /** What was there, and is not any more. */
  readonly counts: ErasableCounts;
}

export interface ErasureEffects {
  readonly database: Database;
  readonly clock: Clock;
}

/**
 * Erases an issue, also one that was never seen or is deleted already: a person asked for it to be forgotten. Its rows, a
 * model's answers to its texts and the payloads of its events are gone with the commit; no event brings it back, however
 * new. That its deliveries came stays, and the ledger row. Nothing of it can be undone.
 */
export function eraseIssue({ database, clock }: ErasureEffects, request: EraseIssue): Promise<Erased> {
  const { key, repository, by, why } = request;
  return database.transaction(async (transaction): Promise<Erased> => {
    await lockIssueKeys(transaction, [key]);
    const counts = await countErasable(transaction, key);
    const how = { reason: 'person', by, clock, repository, permanent: true } as const;
    const [deleted] = await deleteKeys(transaction, [key], how);
    if (!deleted) throw new Error(`nothing was read for ${formatKey(key)}`);
    await eraseTexts(transaction, [key], clock.now());
    await transaction
      .insertInto('audit')
      .values({
        actor: by,
        action: 'issue erased',
        details: JSON.stringify({
          key: formatKey(key),
          repository: deleted.repository,
          version: deleted.version,
          why,
          counts,
        }),
      })
      .execute();
    return { version: deleted.version, repository: deleted.repository, counts };
  });
}

/**
 * Waits until the log has acknowledged everything that an erasure sends: the ledger row, the record that supersedes the
 * issue's, and the emptied dead letters. `owed` when that takes longer than `ms`: it will not be forgotten.
 */
export const awaitErasurePublished = (
  { database, clock }: ErasureEffects,
  key: IssueKey,
  ms: number,
): Promise<'published' | 'owed'> => awaitPublished(clock, () => isErasureOwed(database.queries, key), ms);
