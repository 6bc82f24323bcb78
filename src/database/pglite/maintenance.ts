import type { Clock } from '../../effects/clock.ts';
import type { Logger } from '../../effects/telemetry.ts';
import type { PgliteSession } from './pglite-session.ts';

/** How often to look; a look costs half a millisecond, and nothing when nothing was asked since. */
const intervalMs = 2_000;
const checkpointBytes = 96 * 1024 * 1024;
/** A table is vacuumed, or analysed, when this many rows and a fifth of it are dead, or changed. */
const changedRows = 500;

export interface Maintenance {
  stop(): Promise<void>;
}

interface Effects {
  readonly clock: Clock;
  readonly logger: Logger;
}

/**
 * What a PostgreSQL server does in the background and a single session does not: checkpoints, so that WAL and
 * recovery stay short, and VACUUM with ANALYZE. One step at a time, so that work comes in between.
 */
export function startMaintenance(session: PgliteSession, { clock, logger }: Effects): Maintenance {
  const stop = new AbortController();
  const running = maintain();
  return {
    stop: async () => {
      stop.abort();
      await running;
    },
  };

  async function maintain(): Promise<void> {
    let seen = 0;
    for (;;) {
      await clock.sleep(intervalMs, stop.signal);
      if (stop.signal.aborted || session.gone.aborted) return;
      if (session.statements === seen) continue;
      try {
        await maintainOnce(session, { clock, logger }, stop.signal);
      } catch (error) {
        if (session.gone.aborted) return;
        logger.warn({ error }, 'maintenance of the embedded database failed; it is tried again');
      }
      seen = session.statements;
    }
  }
}

/** Checkpoints when the WAL has grown, and vacuums each table that needs it. */
async function maintainOnce(session: PgliteSession, effects: Effects, stop: AbortSignal): Promise<void> {
  const { rows } = await session.query(demand, [checkpointBytes, changedRows]);
  for (const { statement } of rows as readonly { statement: string }[]) {
    if (stop.aborted) return;
    const before = effects.clock.monotonic();
    await session.query(statement, []);
    const ms = Math.round(effects.clock.monotonic() - before);
    effects.logger.debug({ statement, ms }, 'maintenance of the embedded database');
  }
}

const demand = `
  select statement from (
    select 1 as step, 'checkpoint' as statement
    from pg_control_checkpoint()
    where pg_wal_lsn_diff(pg_current_wal_insert_lsn(), redo_lsn) > $1::bigint
    union all
    select 2, format('vacuum %I.%I', schemaname, relname)
    from pg_stat_user_tables
    where n_dead_tup > $2::bigint + n_live_tup / 5
    union all
    select 3, format('analyze %I.%I', schemaname, relname)
    from pg_stat_user_tables
    where n_mod_since_analyze > $2::bigint + n_live_tup / 5
  ) as demanded
  order by step`;
