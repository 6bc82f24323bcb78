import { expect, test } from 'vitest';
import { type Mutation, mutations } from './simulator/mutations/mutations.ts';
import { simulate } from './simulator/simulate-apart.ts';

/** A seed that finds a guard missing today may not do so when the program has changed: then a later one will. */
const withinSeeds = '150';

/** Two at a time, in the order of the table. */
const lanes: Promise<unknown>[] = [Promise.resolve(), Promise.resolve()];
const outcomes = Object.entries(mutations).map(([mutation, { seed }], index) => {
  const lane = index % lanes.length;
  const outcome = (lanes[lane] as Promise<unknown>).then(() =>
    simulate('--mutation', mutation, '--seed', String(seed), '--runs', withinSeeds, '--first'),
  );
  lanes[lane] = outcome;
  return { mutation, outcome };
});

/** What every run of a mutation has, on the program as it is. */
const sameRun = (seed: string, { faults, remoteModel }: Mutation) => [
  ...['--seed', seed, '--runs', '1', ...faults.flatMap((fault) => ['--with', fault])],
  ...(remoteModel === undefined ? [] : ['--model', remoteModel ? 'always' : 'never']),
];

const failing = /^seed (\d+) fails:/m;

test.each(outcomes)(
  'without its guard it fails, and with it the same seed does not: $mutation',
  { timeout: 900_000 },
  async ({ mutation, outcome }) => {
    const without = await outcome;
    expect(without).toMatchObject({ code: 1, text: expect.stringMatching(failing) });
    const seed = failing.exec(without.text)?.[1] ?? '';
    const { code, text } = await simulate(...sameRun(seed, mutations[mutation] as Mutation));
    expect({ code, text }).toMatchObject({ code: 0 });
  },
);
