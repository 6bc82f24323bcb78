import { sql } from 'kysely';
import type { Queries } from './database.ts';
import type { HeldLease } from './leases.ts';

export interface ScheduledRun {
  readonly job: string;
  /** Milliseconds since 1970. */
  readonly dueAt: number;
}

/** Rows of one job that are kept. */
const rowsKept = 200;

/**
 * Begins a run by inserting its row. `taken`: it was done, or is under way under this lease. What was begun under a
 * former lease is begun again: its scheduler is gone.
 */
export async function beginRun(
  queries: Queries,
  lease: HeldLease,
  { job, dueAt }: ScheduledRun,
): Promise<'begun' | 'taken' | 'lease-lost'> {
  const { rows } = await sql<{ held: number; begun: number }>`
    with held as materialized (
      select 1 from leases where name = ${lease.name} and token = ${lease.token} for share),
    begun as (
      insert into scheduled_runs as run (job, due_at, token)
      select ${job}, ${new Date(dueAt)}, ${lease.token} where exists (select from held)
      on conflict (job, due_at) do update set token = excluded.token, started_at = now()
        where run.finished_at is null and run.token < excluded.token
      returning 1)
    select (select count(*) from held) as held, (select count(*) from begun) as begun`.execute(queries);
  const [row] = rows;
  if (!row || row.held === 0) return 'lease-lost';
  return row.begun > 0 ? 'begun' : 'taken';
}

/** Notes how a run ended, and forgets the oldest ones of its job. */
export async function finishRun(
  queries: Queries,
  lease: HeldLease,
  { job, dueAt }: ScheduledRun,
  ended: { readonly outcome: 'done' | 'failed'; readonly details: object },
): Promise<void> {
  await sql`
    with forgotten as (
      delete from scheduled_runs where job = ${job} and due_at <= (
        select due_at from scheduled_runs where job = ${job} order by due_at desc offset ${rowsKept} limit 1))
    update scheduled_runs
       set finished_at = now(), outcome = ${ended.outcome}, details = ${JSON.stringify(ended.details)}::jsonb
     where job = ${job} and due_at = ${new Date(dueAt)} and token = ${lease.token}`.execute(queries);
}
