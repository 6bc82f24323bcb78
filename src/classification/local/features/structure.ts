import { signalCount } from '../text/signals.ts';

/** Two numbers a signal: whether there is any, and how many on a logarithmic scale that ends at about 50. */
export const structureCount = signalCount * 2;

const scale = 1 / Math.log1p(50);
const logs = Float64Array.from({ length: 64 }, (_, n) => Math.log1p(n) * scale);

/** Fills `out` (length `structureCount`) with values of 0 to 1. */
export function structureOf(signals: Float64Array, out: Float64Array): void {
  for (let at = 0; at < signalCount; at++) {
    const n = signals[at]!;
    out[at * 2] = n > 0 ? 1 : 0;
    out[at * 2 + 1] = n < 64 ? logs[n]! : Math.min(1.5, Math.log1p(n) * scale);
  }
}
