import { expect, test } from 'vitest';
import { remainsOf } from './remains.ts';

const now = Date.parse('2026-03-01T00:00:00Z');

test('a topic that deletes keeps a record for its retention, and as long as its segment was open', () => {
  const config = { 'cleanup.policy': 'delete', 'retention.ms': '86400000', 'segment.ms': '3600000' };
  expect(remainsOf(config, now)).toEqual({ compacted: false, until: '2026-03-02T01:00:00.000Z' });
  expect(remainsOf({ 'retention.ms': '86400000' }, now).until).toBe('2026-03-09T00:00:00.000Z');
});

test('one that compacts sets a bound only by its lag, or by deleting too', () => {
  const never = { 'max.compaction.lag.ms': '9223372036854775807' };
  expect(remainsOf({ 'cleanup.policy': 'compact', ...never }, now)).toEqual({ compacted: true, until: null });
  expect(remainsOf({ 'cleanup.policy': 'compact', 'max.compaction.lag.ms': '3600000' }, now).until).toBe(
    '2026-03-01T01:00:00.000Z',
  );
  const both = { 'cleanup.policy': 'compact, delete', 'retention.ms': '1000', 'segment.ms': '500', ...never };
  expect(remainsOf(both, now)).toEqual({ compacted: true, until: '2026-03-01T00:00:01.500Z' });
});

test('one that keeps everything says so', () => {
  expect(remainsOf({ 'cleanup.policy': 'delete', 'retention.ms': '-1' }, now)).toEqual({
    compacted: false,
    until: null,
  });
});
