import type { Database } from '../database/database.ts';
import { holdLease, type LeaseAnswer, type LeaseTerm } from '../database/hold-lease.ts';
import type { Effects } from '../effects/effects.ts';
import type { Readiness, Service } from './service.ts';

/** What a service says of its work, for its readiness. */
export interface Progress {
  working(): void;
  /** @param reason a sentence that says what it waits for */
  waiting(reason: string): void;
}

export interface WorkUnderLease {
  /** Also the lease's. */
  readonly name: Service['name'];
  readonly database: Database;
  readonly effects: Effects;
  /** Who holds the lease, for people. */
  readonly holder: string;
  readonly termMs: number;
  /** Before the work begins again after an error. */
  readonly pauseAfterErrorMs: number;
  /** Why the service is not ready after an error, until it works again. */
  readonly reasonAfterError: string;
  /** Works until `lost` fires: with the lease, or because the service stops. */
  work(term: LeaseTerm, progress: Progress): Promise<void>;
}

const ready: Readiness = { ready: true };

/**
 * Starts a service of which one works at a time, by lease. The others wait for it and are ready all the same, as long
 * as the database answers them: one that cannot ask could not take over.
 */
export function startUnderLease(options: WorkUnderLease): Service {
  const { name, database, effects, holder, termMs } = options;
  const { clock, logger } = effects;
  const stopping = new AbortController();
  let work = ready;
  let lease = ready;
  const progress: Progress = {
    working: () => {
      work = ready;
    },
    waiting: (reason) => {
      work = { ready: false, reason };
    },
  };
  const answered = (answer: LeaseAnswer) => {
    lease =
      answer === 'none' ? { ready: false, reason: 'The database does not answer for the lease.' } : ready;
    // What held the work up is now the affair of whoever holds the lease.
    if (answer === 'held') work = ready;
  };

  const run = async () => {
    const request = { name, holder, termMs, signal: stopping.signal, answered };
    for await (const { token, lost, isOver } of holdLease(database, effects, request)) {
      try {
        await options.work({ token, lost: AbortSignal.any([lost, stopping.signal]), isOver }, progress);
      } catch (error) {
        progress.waiting(options.reasonAfterError);
        logger.error({ error }, `The ${name} stopped; it begins again`);
        await clock.sleep(options.pauseAfterErrorMs, stopping.signal);
      }
    }
  };
  const running = run().catch((error: unknown) => {
    progress.waiting(`The ${name} has ended.`);
    logger.error({ error }, `The ${name} has ended`);
  });

  const readiness = (): Readiness => {
    if (stopping.signal.aborted) return { ready: false, reason: `The ${name} stops.` };
    return lease.ready ? work : lease;
  };
  return {
    name,
    readiness,
    stop: async () => {
      stopping.abort();
      await running;
    },
  };
}
