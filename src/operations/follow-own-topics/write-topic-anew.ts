import { sql } from 'kysely';
import type { Database } from '../../database/database.ts';
import { type KnownPlace, setKnownPlaces } from '../../database/followed-positions.ts';
import { oweEverything } from '../../database/sent-records.ts';
import type { OwnTopic } from '../../domain/followed-record.ts';

/**
 * An own topic is gone or was put back: every key is owed again, and the feed gets a new id, so that no client
 * resumes by offsets that mean something else now. The places go to where the topic is read from anew, with it.
 * Returns how many keys are owed.
 */
export function writeTopicAnew(
  database: Database,
  topic: OwnTopic,
  places: readonly KnownPlace[],
): Promise<number> {
  return database.transaction(async (transaction) => {
    await setKnownPlaces(transaction, places);
    const owed = await oweEverything(transaction, topic);
    if (topic === 'issues.enriched') {
      await transaction.updateTable('pairing').set({ feed_id: sql<string>`gen_random_uuid()` }).execute();
    }
    return owed;
  });
}
