import { expect, test } from 'vitest';
import { simulate } from './simulator/simulate-apart.ts';

/** The runs themselves, thousands of them, are a step of their own of `npm test`. */
test('a seed runs the same way twice', { timeout: 120_000 }, async () => {
  const { code, text } = await simulate('--seed', '5001', '--runs', '15', '--twice');
  expect({ code, text }).toMatchObject({ code: 0 });
});
