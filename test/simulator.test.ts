import { expect, test } from 'vitest';
import { simulate } from './simulator/simulate-apart.ts';

/** About half a second of processor time each; `npm run simulate -- --runs N` takes as many as there is time for. */
const runs = 80;
test(`${runs} seeded runs with faults keep every promise`, { timeout: 900_000 }, async () => {
  const { code, text } = await simulate('--runs', String(runs), '--jobs', '2');
  expect({ code, text }).toMatchObject({ code: 0 });
});

test('a seed runs the same way twice', { timeout: 120_000 }, async () => {
  const { code, text } = await simulate('--seed', '5001', '--runs', '15', '--twice');
  expect({ code, text }).toMatchObject({ code: 0 });
});
