import type { Database } from '../../database/database.ts';
import type { Effects } from '../../effects/effects.ts';
import type { EventLog } from '../../log/event-log.ts';
import type { Service } from '../service.ts';
import { startUnderLease } from '../start-under-lease.ts';
import type { Job } from './job.ts';
import { measureJob } from './measure-job.ts';
import { pruneJob } from './prune-job.ts';
import { runWhileHeld } from './run-while-held.ts';

export interface SchedulerOptions {
  readonly database: Database;
  readonly log: EventLog;
  readonly effects: Effects;
  /** Who holds the lease, for people. */
  readonly holder: string;
  /** The classifier's group. */
  readonly group: string;
  /** Of the lease; another scheduler takes over this long after one that froze. 30 s when absent. */
  readonly termMs?: number;
  /** Instead of its own, for tests. */
  readonly jobs?: readonly Job[];
}

const defaultTermMs = 30_000;
const pauseAfterErrorMs = 5_000;

/**
 * Does what is due: removes what nobody needs any more, and measures how the stores stand to each other. One
 * scheduler works at a time, by lease; the others wait for it and are ready all the same.
 */
export async function startScheduler(options: SchedulerOptions): Promise<Service> {
  const { database, effects, holder, termMs = defaultTermMs, jobs = ownJobs(options) } = options;
  const { logger, meter } = effects;
  const active = meter.gauge('dispatchai_scheduler_active', '1 where the scheduler holds the lease, else 0');
  active.set(0);
  return startUnderLease({
    name: 'scheduler',
    database,
    effects,
    holder,
    termMs,
    pauseAfterErrorMs,
    reasonAfterError: 'The database cannot be asked; see the log lines of the scheduler.',
    work: async ({ token, lost }, progress) => {
      logger.info({ token }, 'this scheduler is at work');
      active.set(1);
      progress.working();
      const ended = new AbortController();
      const signal = AbortSignal.any([lost, ended.signal]);
      const context = { database, effects, lease: { name: 'scheduler', token }, lost: signal };
      try {
        await Promise.all(jobs.map((job) => runWhileHeld(context, job).finally(() => ended.abort())));
      } finally {
        active.set(0);
        for (const job of jobs) job.idle?.();
      }
    },
  });
}

const ownJobs = (options: SchedulerOptions): readonly Job[] => [measureJob(options), pruneJob(options)];
