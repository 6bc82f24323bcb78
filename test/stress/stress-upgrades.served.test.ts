import { describe, expect, inject, it } from 'vitest';
import { openServedScratch } from '../../src/database/postgres/served-scratch.fixture.ts';
import { stressDatabase } from './stress-database.ts';
import { stressUpgrades } from './stress-upgrades.ts';
import { withoutGuard } from './without-guard.ts';

const open = () => openServedScratch(inject('databaseUrl'), { connections: 10 });

describe("a model's answers beside everything else", { timeout: 120_000 }, () => {
  it.each([1, 2, 3])('keep every promise, and meet no deadlock (%s)', async () => {
    await using scratch = await open();
    expect(await stressDatabase(scratch.database, stressUpgrades(scratch.database))).toEqual([]);
  });

  it('would be found out without the lease of a call', async () => {
    await using scratch = await open();
    const unguarded = withoutGuard(scratch.database, (text) =>
      text
        .replace('where call.leased_until <= clock_timestamp()', '')
        .replace('begun = call.begun + 1', 'begun = 1'),
    );
    expect(await stressDatabase(unguarded, stressUpgrades(unguarded))).toContainEqual(
      expect.stringMatching(/calls for/),
    );
  });
});
