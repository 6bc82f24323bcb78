import { formatKey, type IssueKey } from '../contracts/issue.ts';
import { type DeletionRecord, topics } from '../contracts/topics.ts';
import type { Database, Queries } from '../database/database.ts';
import { deleteThroughLedger, isDeletionOwed, readDeletable } from '../database/deletions.ts';
import { lockIssueKeys } from '../database/key-locks.ts';
import { owe } from '../database/outbox.ts';
import { nextVersion } from '../domain/version.ts';
import type { Clock } from '../effects/clock.ts';

export interface DeleteIssue {
  readonly key: IssueKey;
  /** `owner/name` for the ledger, of an issue that was never seen; a stored issue's own name wins. */
  readonly repository: string;
  readonly by: string;
}

export type DeletionOutcome =
  /** The issue was here. */
  | { readonly outcome: 'deleted'; readonly version: number; readonly repository: string }
  /** It was not, and the ledger now refuses it all the same. */
  | { readonly outcome: 'barred'; readonly version: number; readonly repository: string };

export interface DeletionEffects {
  readonly database: Database;
  readonly clock: Clock;
}

/**
 * Deletes an issue through the ledger, also one that was never seen: whatever event of it is older than now is
 * refused from the commit on. Resolves once committed.
 */
export function deleteIssue(
  { database, clock }: DeletionEffects,
  request: DeleteIssue,
): Promise<DeletionOutcome> {
  return database.transaction(async (transaction): Promise<DeletionOutcome> => {
    const [deleted] = await deleteKeys(transaction, [request.key], {
      reason: 'person',
      by: request.by,
      clock,
      repository: request.repository,
    });
    if (!deleted) throw new Error(`nothing was read for ${formatKey(request.key)}`);
    const { version, repository, existed } = deleted;
    await transaction
      .insertInto('audit')
      .values({
        actor: request.by,
        action: 'issue deleted',
        details: JSON.stringify({ key: formatKey(request.key), repository, version, existed }),
      })
      .execute();
    return { outcome: existed ? 'deleted' : 'barred', version, repository };
  });
}

/**
 * Waits until `issues.deletions` has acknowledged the deletion, so that even a new database would know it.
 * `owed` when that takes longer than `ms`: the relay still owes it, and it will not be forgotten.
 */
export function awaitDeletionPublished(
  { database, clock }: DeletionEffects,
  key: IssueKey,
  ms: number,
): Promise<'published' | 'owed'> {
  return awaitPublished(clock, () => isDeletionOwed(database.queries, formatKey(key)), ms);
}

/** Asks until nothing is owed any more, for so long. */
export async function awaitPublished(
  clock: Clock,
  isOwed: () => Promise<boolean>,
  ms: number,
): Promise<'published' | 'owed'> {
  const deadline = clock.monotonic() + ms;
  const pauseMs = 20;
  while (await isOwed()) {
    if (clock.monotonic() >= deadline) return 'owed';
    await clock.sleep(pauseMs);
  }
  return 'published';
}

export interface DeletedKey extends IssueKey {
  readonly repository: string;
  readonly version: number;
  readonly existed: boolean;
}

/** The part that every deletion shares: lock, read, write, owe to both topics. At most 500 keys. */
export async function deleteKeys(
  transaction: Parameters<typeof lockIssueKeys>[0] & Queries,
  keys: readonly IssueKey[],
  how: {
    readonly reason: DeletionRecord['reason'];
    readonly by: string;
    /** Read under the locks: a version drawn before them could lie below one that was drawn meanwhile. */
    readonly clock: Clock;
    /** For keys of which neither an issue nor a ledger row is known. */
    readonly repository: string;
    readonly permanent?: true;
  },
): Promise<readonly DeletedKey[]> {
  await lockIssueKeys(transaction, keys);
  const rows = await readDeletable(transaction, keys);
  const now = how.clock.now();
  const deletedAt = new Date(now).toISOString();
  const deleted = rows.map((row) => ({
    repositoryId: row.repositoryId,
    number: row.number,
    repository: row.repository ?? how.repository,
    version: nextVersion([row.issueVersion, row.ledgerVersion], now),
    deletedAt,
    reason: how.reason,
    deletedBy: how.by,
    ...(how.permanent && { permanent: how.permanent }),
    existed: row.issueVersion !== null,
  }));
  await deleteThroughLedger(transaction, deleted);
  await owe(
    transaction,
    deleted.flatMap((row) =>
      [topics.enriched, topics.deletions].map((topic) => ({
        topic,
        key: formatKey(row),
        version: row.version,
      })),
    ),
  );
  return deleted;
}
