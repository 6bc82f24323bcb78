import type { Database } from '../../database/database.ts';
import { nextFailureDue } from '../../database/failed-events.ts';
import type { Effects } from '../../effects/effects.ts';
import { Backoff } from './backoff.ts';
import type { ClassifierMetrics } from './metrics.ts';
import { retryFailure } from './retry-failure.ts';
import type { TakeInContext } from './take-in.ts';

/** Asked at least this often, and never later than the shortest delay: nothing is due before it was seen coming. */
const longestPauseMs = 1_000;
/** Others are at work on what is due. */
const othersPauseMs = 50;

/**
 * Tries failed events again when they are due, one after the other, beside the stream. Any number of classifiers may
 * do so on one database. What waits is a row, so nothing is lost whenever this ends. Never rejects.
 */
export async function retryFailures(
  database: Database,
  context: TakeInContext & { readonly effects: Effects },
  metrics: ClassifierMetrics,
  stopping: AbortSignal,
): Promise<void> {
  const { clock, logger } = context.effects;
  const idleMs = Math.min(longestPauseMs, ...context.retries.delaysMs);
  const backoff = new Backoff();
  while (!stopping.aborted) {
    try {
      const due = await nextFailureDue(database.queries);
      const waitMs = due === null ? idleMs : Math.min(due - clock.now(), idleMs);
      if (waitMs > 0) {
        await clock.sleep(waitMs, stopping);
        continue;
      }
      const retried = await retryFailure(database, context);
      if (retried.kind === 'none') await clock.sleep(othersPauseMs, stopping);
      if (retried.kind === 'tried') metrics.retried(retried);
      backoff.reset();
    } catch (error) {
      const retryInMs = backoff.next();
      logger.warn(
        { err: error, retryInMs },
        'failed events could not be tried again; none of them counts it',
      );
      await clock.sleep(retryInMs, stopping);
    }
  }
}
