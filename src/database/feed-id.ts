import { sql } from 'kysely';
import type { Queries } from './database.ts';

/**
 * Gives the feed a new id: whoever reads it loads anew, since the offsets mean something else now, or the database has
 * changed by what they will not be told of. Its row is the last one that a transaction locks, after places and keys.
 */
export async function renewFeedId(transaction: Queries): Promise<void> {
  await transaction.updateTable('pairing').set({ feed_id: sql<string>`gen_random_uuid()` }).execute();
}
