import { describe, expect, it } from 'vitest';
import { murmur2, partitionOf } from './murmur2.ts';

const bytes = (text: string) => new TextEncoder().encode(text);

describe('murmur2', () => {
  // The vectors of Kafka's own UtilsTest.testMurmur2.
  it.each([
    ['21', -973932308],
    ['foobar', -790332482],
    ['a-little-bit-long-string', -985981536],
    ['a-little-bit-longer-string', -1486304829],
    ['lkjh234lh9fiuh90y23oiuhsafujhadof229phr9h19h89h8', -58897971],
    ['abc', 479470107],
  ])('hashes %s as Kafka does', (text, hash) => {
    expect(murmur2(bytes(text))).toBe(hash);
  });

  it('reads a view that does not begin at its buffer’s start', () => {
    expect(murmur2(bytes('xfoobar').subarray(1))).toBe(-790332482);
  });

  it('maps a negative hash to a partition by clearing the sign', () => {
    expect(partitionOf(bytes('21'), 3)).toBe((-973932308 & 0x7fffffff) % 3);
    expect(partitionOf(bytes(''), 3)).toBeGreaterThanOrEqual(0);
  });
});
