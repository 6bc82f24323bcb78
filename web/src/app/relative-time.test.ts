import { expect, it } from 'vitest';
import { age, ago, exactTime } from './relative-time.ts';

const now = Date.UTC(2025, 5, 15, 12);
const before = (ms: number) => new Date(now - ms).toISOString();
const hour = 3_600_000;

it.each([
  [0, 'now'],
  [-5_000, 'now'],
  [59_999, 'now'],
  [60_000, '1 m'],
  [hour - 1, '59 m'],
  [hour, '1 h'],
  [24 * hour, '1 d'],
  [13.9 * 24 * hour, '13 d'],
  [14 * 24 * hour, '2 w'],
  [90 * 24 * hour, '2 mo'],
  [800 * 24 * hour, '2 y'],
])('writes %i ms as %s', (ms, text) => {
  expect(age(before(ms), now)).toBe(text);
});

it('writes a sentence, and nothing for what is no time', () => {
  expect(ago(before(0), now)).toBe('just now');
  expect(ago(before(2 * hour), now)).toBe('2 h ago');
  expect(age('yesterday', now)).toBe('');
  expect(exactTime('yesterday')).toBe('yesterday');
});
