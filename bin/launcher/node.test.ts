import { expect, it } from 'vitest';
import { isNewEnough } from './node.js';

it.each([
  ['18.20.8', false],
  ['22.19.0', false],
  ['24.5.0', false],
  ['24.6.0', true],
  ['24.21.0', true],
  ['25.0.0', true],
])('takes Node %s: %s', (version, enough) => {
  expect(isNewEnough(version)).toBe(enough);
});
