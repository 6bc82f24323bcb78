import type { Consistency } from '../../contracts/health.ts';
import type { Database } from '../../database/database.ts';
import type { Effects } from '../../effects/effects.ts';
import type { EventLog } from '../../log/event-log.ts';
import { checkConsistency } from '../../operations/check-consistency.ts';
import { countMissing } from '../../operations/count-missing.ts';
import { consistencyGauges } from './consistency-gauges.ts';
import type { Job } from './job.ts';

const minute = 60_000;

export interface MeasureOptions {
  readonly database: Database;
  readonly log: EventLog;
  readonly effects: Effects;
  /** The classifier's group. */
  readonly group: string;
}

/**
 * Once a minute: how log, database and offsets stand to each other, as gauges for alert rules and, where that
 * changes, as a line of the log.
 */
export function measureJob({ database, log, effects, group }: MeasureOptions): Job {
  const gauges = consistencyGauges(effects.meter);
  let status: Consistency['status'] = 'healthy';
  return {
    name: 'measure-consistency',
    everyMs: minute,
    run: async (signal) => {
      const { clock, logger } = effects;
      const { queries } = database;
      const missing = await countMissing({ queries, clock }, signal);
      const report = await checkConsistency({ database, log, group }, missing);
      if (signal.aborted) return {};
      gauges.show(report);
      const change = changeOf(status, report.status);
      if (change === 'degraded') logger.warn({ reasons: report.reasons }, 'consistency is degraded');
      if (change === 'healthy') logger.info({}, 'consistency is healthy again');
      status = report.status;
      return {
        lag: report.kafka_consumer_lag,
        missing: missing.count,
        outbox: report.outbox,
        failed: report.failed,
        dead: report.dead,
      };
    },
    idle: () => {
      gauges.forget();
      status = 'healthy';
    },
  };
}

type Status = Consistency['status'];

const changeOf = (before: Status, now: Status): Status | null => (before === now ? null : now);
