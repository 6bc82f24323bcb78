import type { Database } from '../../database/database.ts';
import type { EventLog } from '../../log/event-log.ts';

/** One side of a move. */
export interface InstallationStores {
  readonly log: EventLog;
  readonly database: Database;
}

/** Thrown when the target is not as it was found a moment ago: nothing of it is usable. */
export class MoveFailedError extends Error {
  override readonly name = 'MoveFailedError';
}
