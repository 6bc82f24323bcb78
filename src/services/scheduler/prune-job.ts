import type { Database } from '../../database/database.ts';
import type { Effects } from '../../effects/effects.ts';
import type { EventLog } from '../../log/event-log.ts';
import { pruneEvents } from '../../operations/prune-events.ts';
import type { Job } from './job.ts';

const day = 86_400_000;

/** Once a day: events that nothing can ask for any more. */
export function pruneJob({
  database,
  log,
  effects,
}: {
  readonly database: Database;
  readonly log: EventLog;
  readonly effects: Effects;
}): Job {
  return {
    name: 'prune-events',
    everyMs: day,
    run: async (signal) => {
      const { clock, logger } = effects;
      const outcome = await pruneEvents({ queries: database.queries, log, clock, signal });
      if (outcome.pruned > 0) logger.info(outcome, 'events that nothing can ask for any more were removed');
      return outcome;
    },
  };
}
