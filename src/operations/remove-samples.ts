import type { Database } from '../database/database.ts';
import { readSampleKeys } from '../database/deletions.ts';
import type { Clock } from '../effects/clock.ts';
import { deleteKeys } from './delete-issue.ts';

const keysPerTransaction = 500;

/** Removes every sample issue through the ledger, so that none comes back. Returns how many there were. */
export async function removeSamples(
  { database, clock }: { readonly database: Database; readonly clock: Clock },
  by: string,
): Promise<{ readonly removed: number }> {
  let removed = 0;
  for (;;) {
    const count = await database.transaction(async (transaction) => {
      const keys = await readSampleKeys(transaction, keysPerTransaction);
      if (keys.length === 0) return 0;
      const how = { reason: 'sample' as const, by, clock, repository: '' };
      return (await deleteKeys(transaction, keys, how)).length;
    });
    if (count === 0) break;
    removed += count;
  }
  if (removed > 0) {
    await database.queries
      .insertInto('audit')
      .values({ actor: by, action: 'samples removed', details: JSON.stringify({ removed }) })
      .execute();
  }
  return { removed };
}
