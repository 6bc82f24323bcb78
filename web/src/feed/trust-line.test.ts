import { expect, it } from 'vitest';
import { isDegraded, type Standing, trustLine } from './trust-line.ts';

const standing = (part: Partial<Standing> = {}): Standing => ({
  feed: { phase: 'live', since: 0, behind: 0, status: null },
  consistency: { status: 'healthy', reasons: [], kafka_consumer_lag: 0 },
  degradedSince: null,
  hasRows: true,
  signedOut: false,
  ...part,
});
const clock = (at: number) => `t${at}`;
const text = (part: Partial<Standing>) => trustLine(standing(part), clock).text;

it('says how the data stands in one line', () => {
  expect(trustLine(standing(), clock)).toEqual({ tone: 'live', text: 'Live, 0 behind' });
  expect(text({ feed: { phase: 'live', since: 0, behind: 1234, status: 'healthy' } })).toBe(
    'Live, 1,234 behind',
  );
  const reasons = ['2 events failed'];
  expect(
    text({ degradedSince: 7, consistency: { status: 'degraded', reasons, kafka_consumer_lag: 3 } }),
  ).toBe('Degraded since t7: 2 events failed');
});

it('never calls stale data live', () => {
  const lost = { phase: 'lost', since: 3, behind: 0, status: 'healthy' } as const;
  expect(text({ feed: lost })).toBe('Not connected since t3, showing what was known');
  expect(text({ feed: lost, hasRows: false })).toBe('Not connected since t3');
  expect(text({ signedOut: true })).toBe('Signed out, not live');
  expect(text({ feed: { ...lost, phase: 'connecting' } })).toBe('Connecting');
});

it('is degraded by the report or by the feed', () => {
  const feed = { phase: 'live', since: 0, behind: 0, status: null } as const;
  expect(isDegraded(feed, null)).toBe(false);
  expect(isDegraded(feed, { status: 'degraded' })).toBe(true);
  expect(isDegraded({ ...feed, status: 'degraded' }, { status: 'healthy' })).toBe(true);
  expect(isDegraded({ ...feed, status: 'healthy' }, null)).toBe(false);
});
