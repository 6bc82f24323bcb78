import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client';
import type { Labels, Meter } from '../effects/telemetry.ts';

export interface PrometheusMeter extends Meter {
  /** Everything measured, in Prometheus' text format. */
  text(): Promise<string>;
}

/** A meter over prom-client, with the process's own figures (memory, CPU, event loop). */
export function createMeter(): PrometheusMeter {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  return {
    counter: (name, help, labels = []) => {
      const counter = once(
        registry,
        name,
        () => new Counter({ ...common(name, help, labels), registers: [registry] }),
      );
      return { add: (amount = 1, values: Labels = {}) => counter.inc(values, amount) };
    },
    gauge: (name, help, labels = []) => {
      const gauge = once(
        registry,
        name,
        () => new Gauge({ ...common(name, help, labels), registers: [registry] }),
      );
      return { set: (value, values: Labels = {}) => gauge.set(values, value) };
    },
    histogram: (name, help, buckets, labels = []) => {
      const histogram = once(
        registry,
        name,
        () => new Histogram({ ...common(name, help, labels), buckets: [...buckets], registers: [registry] }),
      );
      return { observe: (value, values: Labels = {}) => histogram.observe(values, value) };
    },
    text: () => registry.metrics(),
  };
}

const common = (name: string, help: string, labels: readonly string[]) => ({
  name,
  help,
  labelNames: [...labels],
});

function once<Metric>(registry: Registry, name: string, make: () => Metric): Metric {
  return (registry.getSingleMetric(name) as Metric | undefined) ?? make();
}
