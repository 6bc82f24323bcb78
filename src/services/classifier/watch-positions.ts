import type { Database } from '../../database/database.ts';
import { readPositions } from '../../database/positions.ts';
import type { Effects } from '../../effects/effects.ts';
import type { EventLog } from '../../log/event-log.ts';
import { comparePositions } from './compare-positions.ts';
import { areStillHeld, type Progress } from './progress.ts';

const everyMs = 60_000;

export interface WatchedStores {
  readonly database: Database;
  readonly log: EventLog;
  readonly consumer: string;
  /** Whether log and database still belong together. */
  readonly isPaired: () => Promise<boolean>;
}

/**
 * Compares the positions with the database and the log once a minute until the signal fires: one that was put back
 * while nothing comes would otherwise go unnoticed. What a log gets from then on would lie before the positions; what a
 * database has lost would not be read again. A log that names another database by now, be it by what one of before sent
 * late, is noticed too: the relay publishes nothing until that is settled.
 * @returns false as soon as a position no longer fits; it is to be claimed anew then
 */
export async function watchPositions(
  { database, log, consumer, isPaired }: WatchedStores,
  progress: Progress,
  { clock, logger }: Pick<Effects, 'clock' | 'logger'>,
  over: AbortSignal,
): Promise<boolean> {
  for (;;) {
    await clock.sleep(everyMs, over);
    if (over.aborted) return true;
    try {
      const held = progress.positions();
      if (!(await isPaired())) return false;
      if (!areStillHeld(await readPositions(database.queries, consumer, held), held)) return false;
      const compared = await comparePositions(log, progress.positions());
      if (compared.some(({ verdict }) => verdict === 'past-end' || verdict === 'another-record'))
        return false;
    } catch (error) {
      logger.warn({ err: error }, 'positions could not be compared; in a minute they are again');
    }
  }
}
