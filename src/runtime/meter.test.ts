import { expect, it } from 'vitest';
import { createMeter } from './meter.ts';

it('gives the same instrument for the same name', async () => {
  const meter = createMeter();
  meter.counter('x_total', 'X.', ['reason']).add(1, { reason: 'a' });
  meter.counter('x_total', 'X.', ['reason']).add(2, { reason: 'a' });
  meter.gauge('y', 'Y.').set(3);
  meter.histogram('z_seconds', 'Z.', [0.1, 1]).observe(0.5);
  const text = await meter.text();
  expect(text).toContain('x_total{reason="a"} 3');
  expect(text).toContain('\ny 3');
  expect(text).toContain('z_seconds_bucket{le="1"} 1');
  expect(text).toContain('process_resident_memory_bytes');
});
