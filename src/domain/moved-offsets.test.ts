import { expect, test } from 'vitest';
import { wasMoved } from './moved-offsets.ts';

test.each([
  ['as mirrored', 50, 50, 50, false],
  ['a mirror that a crash lost', 60, 50, 50, false],
  ['a mirror that was not noted before the crash', 60, 50, 55, false],
  ['set back', 50, 50, 0, true],
  ['set forward', 50, 50, 51, true],
  ['forgotten by the broker', 50, 50, null, false],
  ['set forward, and nothing was noted', 50, null, 60, true],
  ['not noted', 50, null, 0, false],
  ['never claimed', null, null, 7, false],
])('%s', (_name, position, mirrored, committed, moved) => {
  expect(wasMoved({ position, mirrored, committed })).toBe(moved);
});
