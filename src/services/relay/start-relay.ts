import type { Database } from '../../database/database.ts';
import type { Effects } from '../../effects/effects.ts';
import type { EventLog } from '../../log/event-log.ts';
import type { Service } from '../service.ts';
import { startUnderLease } from '../start-under-lease.ts';
import { Wake } from '../wake.ts';
import { UnpairedError } from './await-pairing.ts';
import { publishWhileHeld } from './publish-while-held.ts';
import { LeaseLostError, PlacesMovedError } from './relay-context.ts';

export interface RelayOptions {
  readonly database: Database;
  readonly log: EventLog;
  readonly effects: Effects;
  /** The classifier's group: whether log and database belong together is about it. */
  readonly group: string;
  /** Who holds the lease, for people. */
  readonly holder: string;
  /** Of the lease; another relay takes over this long after one that froze. 9 s when absent. */
  readonly termMs?: number;
}

const defaultTermMs = 9_000;
const pauseAfterErrorMs = 500;

/**
 * Publishes to `issues.enriched` and `issues.deletions` the newest state of every key that the outbox names. One
 * relay works at a time, by lease; the others wait for it and are ready all the same.
 */
export async function startRelay(options: RelayOptions): Promise<Service> {
  const { database, log, group, holder, termMs = defaultTermMs } = options;
  const effects = { ...options.effects, logger: options.effects.logger.child({ service: 'relay' }) };
  const wake = new Wake();
  const unlisten = await database.listen('outbox', () => wake.call());
  const service = startUnderLease({
    name: 'relay',
    database,
    effects,
    holder,
    termMs,
    pauseAfterErrorMs,
    reasonAfterError: 'The database or the log cannot be reached.',
    work: async ({ token, lost, isOver }, progress) => {
      const lease = { name: 'relay', holder, token };
      try {
        await publishWhileHeld({ database, log, effects, group, lease, lost, isOver }, wake, progress);
      } catch (error) {
        if (error instanceof UnpairedError || error instanceof PlacesMovedError) {
          return effects.logger.warn({}, error.message);
        }
        if (!(error instanceof LeaseLostError)) throw error;
      }
    },
  });
  return {
    ...service,
    stop: async () => {
      await Promise.all([service.stop(), unlisten()]);
    },
  };
}
