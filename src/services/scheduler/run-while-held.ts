import type { Database } from '../../database/database.ts';
import type { HeldLease } from '../../database/leases.ts';
import { beginRun, finishRun } from '../../database/scheduled-runs.ts';
import type { Effects } from '../../effects/effects.ts';
import { dueAt, type Job } from './job.ts';

export interface RunContext {
  readonly database: Database;
  readonly effects: Effects;
  readonly lease: HeldLease;
  /** Fires when the lease may no longer be relied on. */
  readonly lost: AbortSignal;
}

/** Wall clocks are set: a wait for a time looks again at least this often. */
const longestWaitMs = 60_000;

/** Runs one job whenever it is due, until the lease is lost. Rejects when the database cannot be asked. */
export async function runWhileHeld(context: RunContext, job: Job): Promise<void> {
  const { effects, lost } = context;
  const { clock } = effects;
  let done = Number.NEGATIVE_INFINITY;
  while (!lost.aborted) {
    const due = dueAt(clock.now(), job.everyMs);
    // An earlier one too: a clock that was ahead and is put right must not stop the job for as long.
    if (due !== done) {
      if ((await runOnce(context, job, due)) === 'lease-lost') return;
      done = due;
    }
    const waitMs = done + job.everyMs - clock.now();
    if (waitMs > 0) await clock.sleep(Math.min(waitMs, longestWaitMs), lost);
  }
}

async function runOnce(
  { database, effects, lease, lost }: RunContext,
  job: Job,
  due: number,
): Promise<'over' | 'lease-lost'> {
  const run = { job: job.name, dueAt: due };
  const begun = await beginRun(database.queries, lease, run);
  if (begun !== 'begun') return begun === 'taken' ? 'over' : begun;
  const { clock, logger, meter } = effects;
  const began = clock.monotonic();
  const ended = await job.run(lost).then(
    (details) => ({ outcome: 'done' as const, details }),
    (error: unknown) => {
      logger.warn({ error, job: job.name }, 'a scheduled job failed; it runs again when it is due again');
      const message = error instanceof Error ? error.message : String(error);
      return { outcome: 'failed' as const, details: { error: message } };
    },
  );
  meter
    .counter('dispatchai_scheduled_runs_total', 'Runs of scheduled jobs', ['job', 'outcome'])
    .add(1, { job: job.name, outcome: ended.outcome });
  logger.debug({ job: job.name, ms: Math.round(clock.monotonic() - began), ...ended }, 'scheduled job ended');
  // Cut short, it is not done: the next scheduler begins it again.
  if (lost.aborted) return 'lease-lost';
  await finishRun(database.queries, lease, run, ended);
  return 'over';
}
