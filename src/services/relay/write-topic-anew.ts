import { sql } from 'kysely';
import { oweEverything } from '../../database/sent-records.ts';
import type { RelayContext, relayTopics } from './relay-context.ts';

/**
 * An own topic is gone or was put back: every key is owed again, and the feed gets a new id, so that no client
 * resumes by offsets that mean something else now.
 */
export async function writeTopicAnew(
  { database, effects }: RelayContext,
  topic: (typeof relayTopics)[number],
): Promise<void> {
  const keys = await database.transaction(async (transaction) => {
    const owed = await oweEverything(transaction, topic);
    if (topic === 'issues.enriched') {
      await transaction.updateTable('pairing').set({ feed_id: sql<string>`gen_random_uuid()` }).execute();
    }
    return owed;
  });
  effects.logger.warn(
    { topic, keys },
    'A topic of our own is not the one that was written: it is written anew',
  );
}
