import { describe, expect, inject, it } from 'vitest';
import { openServedScratch } from '../../src/database/postgres/served-scratch.fixture.ts';
import { stressDatabase } from './stress-database.ts';
import { withoutGuard } from './without-guard.ts';

const open = () => openServedScratch(inject('databaseUrl'), { connections: 8 });

describe('intake, corrections, deletions and a relay at once', { timeout: 120_000 }, () => {
  it.each([1, 2, 3])('keep every promise, and meet no deadlock (%s)', async () => {
    await using scratch = await open();
    expect(await stressDatabase(scratch.database)).toEqual([]);
  });

  it('would be found out without the locks of keys', async () => {
    await using scratch = await open();
    const unguarded = withoutGuard(scratch.database, (text) => text.replace('pg_advisory_xact_lock', 'abs'));
    expect(await stressDatabase(unguarded)).toContainEqual(expect.stringMatching(/is back|has the title/));
  });

  it('would be found out if the locks were taken in no order', async () => {
    const disordered = (text: string) =>
      text
        .replace('select distinct hashtextextended', 'select hashtextextended')
        .replace('order by number', 'order by random()');
    // Whether two meet is a matter of time.
    const problems: string[] = [];
    for (let round = 0; round < 10 && problems.length === 0; round += 1) {
      await using scratch = await open();
      problems.push(...(await stressDatabase(withoutGuard(scratch.database, disordered))));
    }
    expect(problems).toContainEqual(expect.stringMatching(/deadlock detected/));
  });
});
