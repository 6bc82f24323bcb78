import type { Effects } from '../../effects/effects.ts';
import type { EventLog } from '../../log/event-log.ts';
import { comparePositions } from './compare-positions.ts';
import type { Progress } from './progress.ts';

const everyMs = 60_000;

/**
 * Compares the positions with the log once a minute until the signal fires: a log that was put back while nothing
 * comes would otherwise go unnoticed, and what it gets from then on would lie before the positions.
 * @returns false as soon as a position no longer fits; it is to be claimed anew then
 */
export async function watchPositions(
  log: EventLog,
  progress: Progress,
  { clock, logger }: Pick<Effects, 'clock' | 'logger'>,
  over: AbortSignal,
): Promise<boolean> {
  for (;;) {
    await clock.sleep(everyMs, over);
    if (over.aborted) return true;
    try {
      const compared = await comparePositions(log, progress.positions());
      if (compared.some(({ verdict }) => verdict === 'past-end' || verdict === 'another-record'))
        return false;
    } catch (error) {
      logger.warn({ err: error }, 'positions could not be compared with the log; in a minute they are again');
    }
  }
}
