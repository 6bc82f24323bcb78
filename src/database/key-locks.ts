import { sql, type Transaction } from 'kysely';
import { formatKey, type IssueKey } from '../contracts/issue.ts';
import type { Tables } from './tables.ts';

/**
 * Locks these issues until the transaction ends, whether or not they have rows yet: no row lock can protect a row
 * that is not there. In one order for everybody, so that two that want the same issues wait instead of
 * deadlocking. Read only afterwards. Two keys may share a lock number (64 bits of hash): they wait for each other
 * needlessly, no more.
 */
export async function lockIssueKeys(
  transaction: Transaction<Tables>,
  keys: readonly IssueKey[],
): Promise<void> {
  if (keys.length === 0) return;
  const texts = JSON.stringify(keys.map(formatKey));
  // A subquery that sorts is not flattened into the outer query, so the locks are taken in its order.
  await sql`
    select count(*) from (
      select pg_advisory_xact_lock(number) from (
        select distinct hashtextextended(key, 0) as number
        from json_array_elements_text(${texts}::json) as key
        order by number
      ) as numbers
    ) as locks`.execute(transaction);
}

/**
 * As `lockIssueKeys` for one key, but never waits: for who holds a row that somebody with the key's lock may want.
 * @returns false when somebody else has the lock
 */
export async function tryLockIssueKey(transaction: Transaction<Tables>, key: IssueKey): Promise<boolean> {
  const { rows } = await sql<{ locked: boolean }>`
    select pg_try_advisory_xact_lock(hashtextextended(${formatKey(key)}, 0)) as locked`.execute(transaction);
  return rows[0]?.locked === true;
}
