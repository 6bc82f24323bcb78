import type { Meter } from '../../effects/telemetry.ts';
import type { IntakeResult } from './take-in-batch.ts';

const secondsBuckets = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5];

export function classifierMetrics(meter: Meter) {
  const events = meter.counter('dispatchai_events_total', 'Deliveries taken in, by what became of them.', [
    'status',
  ]);
  const known = meter.counter('dispatchai_events_known_total', 'Deliveries that were stored already.');
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
    tookIn(result: IntakeResult, records: number, seconds: number): void {
      let stored = 0;
      for (const [status, count] of result.statuses) {
        events.add(count, { status });
        stored += count;
      }
      known.add(records - stored);
      classifications.add(result.classified, { source: 'local' });
      batch.observe(seconds);
    },
  };
}
