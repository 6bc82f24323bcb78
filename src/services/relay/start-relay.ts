import type { Database } from '../../database/database.ts';
import { holdLease } from '../../database/hold-lease.ts';
import type { Effects } from '../../effects/effects.ts';
import type { EventLog } from '../../log/event-log.ts';
import type { Readiness, Service } from '../service.ts';
import { Wake } from '../wake.ts';
import { UnpairedError } from './await-pairing.ts';
import { publishWhileHeld } from './publish-while-held.ts';
import { LeaseLostError } from './relay-context.ts';

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

const leaseName = 'relay';
const defaultTermMs = 9_000;
const pauseAfterErrorMs = 500;

/**
 * Publishes to `issues.enriched` and `issues.deletions` the newest state of every key that the outbox names. One
 * relay works at a time, by lease; the others wait for it and are ready all the same.
 */
export async function startRelay(options: RelayOptions): Promise<Service> {
  const { database, log, effects, group, holder, termMs = defaultTermMs } = options;
  const { clock } = effects;
  const logger = effects.logger.child({ service: 'relay' });
  const stopping = new AbortController();
  const wake = new Wake();
  let readiness: Readiness = { ready: true };
  const unlisten = await database.listen('outbox', () => wake.call());
  const progress = {
    working: () => {
      readiness = { ready: true };
    },
    waiting: (reason: string) => {
      readiness = { ready: false, reason };
    },
  };

  const run = async () => {
    const lease = { name: leaseName, holder, termMs, signal: stopping.signal };
    for await (const term of holdLease(database, { ...effects, logger }, lease)) {
      const lost = AbortSignal.any([term.lost, stopping.signal]);
      const context = {
        database,
        log,
        effects: { ...effects, logger },
        group,
        lease: { name: leaseName, holder, token: term.token },
        lost,
      };
      try {
        await publishWhileHeld(context, wake, progress);
      } catch (error) {
        if (error instanceof LeaseLostError) continue;
        if (error instanceof UnpairedError) {
          logger.warn({}, error.message);
          continue;
        }
        progress.waiting('The database or the log cannot be reached.');
        logger.error({ error }, 'Publishing stopped; it begins again with reading the topics');
        await clock.sleep(pauseAfterErrorMs, stopping.signal);
      }
    }
  };
  const running = run().catch((error: unknown) => {
    readiness = { ready: false, reason: 'The relay has ended.' };
    logger.error({ error }, 'The relay has ended');
  });

  return {
    name: 'relay',
    readiness: () => (stopping.signal.aborted ? { ready: false, reason: 'The relay stops.' } : readiness),
    stop: async () => {
      stopping.abort();
      await unlisten();
      await running;
    },
  };
}
