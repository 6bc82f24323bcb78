import type { Meter } from '../../effects/telemetry.ts';
import type { Retried } from './retry-failure.ts';
import type { IntakeResult } from './take-in-batch.ts';

const secondsBuckets = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5];

export interface ClassifierMetrics {
  /** A batch was taken in: how many records it had, and how long it took. */
  tookIn(result: IntakeResult, records: number, seconds: number): void;
  /** A failed event was tried again. */
  retried(retried: Extract<Retried, { readonly kind: 'tried' }>): void;
}

export function classifierMetrics(meter: Meter): ClassifierMetrics {
  const events = meter.counter('dispatchai_events_total', 'Deliveries taken in, by what became of them.', [
    'status',
  ]);
  const known = meter.counter('dispatchai_events_known_total', 'Deliveries that were stored already.');
  const failed = meter.counter('dispatchai_events_failed_total', 'Deliveries that failed when they came.');
  const retries = meter.counter(
    'dispatchai_events_retried_total',
    'Retries of failed deliveries, by what became of them.',
    ['status'],
  );
  const dead = meter.counter(
    'dispatchai_events_dead_total',
    'Deliveries that failed the last of their tries.',
  );
  const classifications = meter.counter(
    'dispatchai_classifications_total',
    'Contents answered, by who answered.',
    ['source'],
  );
  const batch = meter.histogram(
    'dispatchai_intake_batch_seconds',
    'One batch in its transaction.',
    secondsBuckets,
  );
  return {
    tookIn(result, records, seconds) {
      let stored = 0;
      for (const [status, count] of result.statuses) {
        events.add(count, { status });
        if (status === 'failed') failed.add(count);
        stored += count;
      }
      known.add(records - stored);
      classifications.add(result.classified, { source: 'local' });
      batch.observe(seconds);
    },
    retried({ status, classified }) {
      retries.add(1, { status });
      if (status === 'dead') dead.add();
      classifications.add(classified, { source: 'local' });
    },
  };
}
