import type { Database } from '../../database/database.ts';
import { renewFeedId } from '../../database/feed-id.ts';
import { type KnownPlace, lockKnownPlaces, setKnownPlaces } from '../../database/followed-positions.ts';
import { oweEverything } from '../../database/sent-records.ts';
import type { OwnTopic } from '../../domain/followed-record.ts';

/**
 * An own topic is gone or was put back: every key is owed again, and the feed gets a new id, so that no client
 * resumes by offsets that mean something else now. The places go to where the topic is read from anew, with it.
 *
 * @param judged the topic's places by which it was found to be gone
 * @returns how many keys are owed; `elsewhere`, and nothing happened, when the places are others by now: somebody else
 *   may have begun to write it anew
 */
export function writeTopicAnew(
  database: Database,
  topic: OwnTopic,
  judged: readonly KnownPlace[],
  places: readonly KnownPlace[],
): Promise<number | 'elsewhere'> {
  return database.transaction(async (transaction) => {
    if (!isSame(judged, await lockKnownPlaces(transaction, topic))) return 'elsewhere';
    await setKnownPlaces(transaction, places);
    const owed = await oweEverything(transaction, topic);
    if (topic === 'issues.enriched') await renewFeedId(transaction);
    return owed;
  });
}

function isSame(judged: readonly KnownPlace[], stored: readonly KnownPlace[]): boolean {
  const texts = (places: readonly KnownPlace[]) =>
    places.map(({ partition, topicId, offset }) => `${partition} ${topicId} ${offset}`).sort();
  return texts(judged).join() === texts(stored).join();
}
