import type { Meter } from '../../../effects/telemetry.ts';
import type { Called } from './call-model.ts';

const secondsBuckets = [0.1, 0.25, 0.5, 1, 2.5, 5, 10, 20, 40];

export interface UpgradeMetrics {
  /** Of calls that were claimed, so many may be paid twice: nobody knows how they ended before. */
  repeated(calls: number): void;
  called(outcome: Called['kind'], seconds: number): void;
  upgraded(): void;
  /** Whether calls are held back. */
  circuit(isOpen: boolean): void;
}

export function upgradeMetrics(meter: Meter): UpgradeMetrics {
  const calls = meter.counter('dispatchai_model_calls_total', 'Calls to the model, by how they ended.', [
    'outcome',
  ]);
  const repeated = meter.counter(
    'dispatchai_model_calls_repeated_total',
    'Calls begun again whose former outcome is unknown: they may be paid twice.',
  );
  const seconds = meter.histogram('dispatchai_model_call_seconds', 'One call to the model.', secondsBuckets);
  const classifications = meter.counter(
    'dispatchai_classifications_total',
    'Contents answered, by who answered.',
    ['source'],
  );
  const upgraded = meter.counter('dispatchai_issues_upgraded_total', "Issues that got the model's answer.");
  const circuit = meter.gauge('dispatchai_model_circuit_open', '1 while calls to the model are held back.');
  return {
    repeated: (count) => repeated.add(count),
    called(outcome, tookSeconds) {
      calls.add(1, { outcome });
      seconds.observe(tookSeconds);
      if (outcome === 'answered') classifications.add(1, { source: 'model' });
    },
    upgraded: () => upgraded.add(),
    circuit: (isOpen) => circuit.set(isOpen ? 1 : 0),
  };
}
