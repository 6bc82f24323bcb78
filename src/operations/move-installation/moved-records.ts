import { pairingKey, topics } from '../../contracts/topics.ts';
import type { LogRecord } from '../../log/event-log.ts';

/**
 * All records but the log's own word on which database it belongs to: the target's log belongs to the target's database,
 * and says so itself.
 */
export const isMoved = ({ topic, key }: Pick<LogRecord, 'topic' | 'key'>): boolean =>
  topic !== topics.deletions || key !== pairingKey;
