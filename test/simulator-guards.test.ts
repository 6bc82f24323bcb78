import { expect, test } from 'vitest';
import { type Mutation, mutations } from './simulator/mutations/mutations.ts';
import { simulate } from './simulator/simulate-apart.ts';

/** A seed that finds a guard missing today may not do so when the program has changed: then a later one will. */
const withinSeeds = '150';
const failing = /^seed (\d+) fails:/m;

/** Looks for a seed that fails without the guard, and runs it again with the guard, and all else as it was. */
async function takeAway(name: string, { seed, faults, remoteModel }: Mutation) {
  const without = await simulate(
    ...['--mutation', name, '--seed', String(seed), '--runs', withinSeeds, '--first'],
  );
  const found = failing.exec(without.text)?.[1];
  if (found === undefined) return { without, guarded: null };
  const guarded = await simulate(
    ...['--seed', found, '--runs', '1', ...faults.flatMap((fault) => ['--with', fault])],
    ...(remoteModel === undefined ? [] : ['--model', remoteModel ? 'always' : 'never']),
  );
  return { without, guarded };
}

/** Two at a time, in the order of the table. */
const lanes: Promise<unknown>[] = [Promise.resolve(), Promise.resolve()];
const outcomes = Object.entries(mutations).map(([name, mutation], index) => {
  const lane = index % lanes.length;
  const outcome = (lanes[lane] as Promise<unknown>).then(() => takeAway(name, mutation));
  lanes[lane] = outcome;
  return { name, outcome };
});

test.each(outcomes)(
  'without its guard a seed fails, and with it that seed does not: $name',
  { timeout: 900_000 },
  async ({ outcome }) => {
    const { without, guarded } = await outcome;
    expect(without.code, without.text).toBe(1);
    expect(guarded?.code, guarded?.text ?? without.text).toBe(0);
  },
);
