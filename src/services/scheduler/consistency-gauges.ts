import type { Consistency } from '../../contracts/health.ts';
import type { Meter } from '../../effects/telemetry.ts';

export interface ConsistencyGauges {
  show(report: Consistency): void;
  /**
   * Another scheduler measures from here on. A figure that nobody renews would be believed; NaN is passed over by
   * Prometheus' `max` and by every comparison.
   */
  forget(): void;
}

export function consistencyGauges(meter: Meter): ConsistencyGauges {
  const gauge = (name: string, help: string, labels: readonly string[] = []) =>
    meter.gauge(name, help, labels);
  const lag = gauge('dispatchai_lag_records', 'Records that wait for the classifier', ['topic', 'partition']);
  const single = {
    healthy: gauge('dispatchai_consistency_healthy', '1 when log, database and offsets fit together, else 0'),
    issues: gauge('dispatchai_issues', 'Issues in the database'),
    failed: gauge('dispatchai_failed_events', 'Events that failed and are tried again'),
    dead: gauge('dispatchai_dead_letters', 'Events that were given up, in the database'),
    missing: gauge('dispatchai_missing_issues', 'Issues that are in neither the database nor the ledger'),
    outbox: gauge('dispatchai_outbox_rows', 'Keys that the relay still has to publish'),
  };
  const places = new Map<string, { readonly topic: string; readonly partition: number }>();
  return {
    show: (report) => {
      for (const { topic, partition, lag: records } of report.partitions) {
        places.set(`${topic}/${partition}`, { topic, partition });
        lag.set(records, { topic, partition });
      }
      single.healthy.set(report.status === 'healthy' ? 1 : 0);
      single.issues.set(report.database_records);
      single.failed.set(report.failed);
      single.dead.set(report.dead);
      single.missing.set(report.missing.count);
      single.outbox.set(report.outbox);
    },
    forget: () => {
      for (const place of places.values()) lag.set(Number.NaN, place);
      for (const each of Object.values(single)) each.set(Number.NaN);
    },
  };
}
