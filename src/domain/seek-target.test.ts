import { expect, test } from 'vitest';
import { parseSeekTarget } from './seek-target.ts';

test.each([
  ['start', { kind: 'start' }],
  ['end', { kind: 'end' }],
  ['0', { kind: 'offset', offset: 0 }],
  ['2026', { kind: 'offset', offset: 2026 }],
  ['2026-03-01T12:00:00Z', { kind: 'time', time: Date.UTC(2026, 2, 1, 12) }],
  ['2026-03-01', { kind: 'time', time: Date.UTC(2026, 2, 1) }],
  ['-1', null],
  ['', null],
  ['beginning', null],
  ['2026-13-45', null],
  ['99999999999999999', null],
])('%s', (text, target) => {
  expect(parseSeekTarget(text)).toEqual(target);
});
