import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { sql } from 'kysely';
import { describe, expect, it } from 'vitest';
import { systemClock } from '../../effects/clock.ts';
import { silent as logger } from '../../effects/silent.fixture.ts';
import { classifyDatabaseError, DatabaseGoneError } from '../database-error.ts';
import { openPglite } from './open-pglite.ts';
import { PgliteDatabase } from './pglite-database.ts';
import { PgliteSession } from './pglite-session.ts';
import { makeScratchDirectory, openScratchDatabase } from './scratch-database.fixture.ts';

describe('the embedded database', { timeout: 30_000 }, () => {
  it('opens nothing outside the directory that is locked', async () => {
    const release = () => undefined;
    const options = {
      lock: { kind: 'locked', directory: '/data/a', release },
      clock: systemClock,
      logger,
    } as const;
    await expect(openPglite({ ...options, directory: '/data/ab' })).rejects.toThrow('locked directory');
  });

  it('answers everything with DatabaseGoneError once PostgreSQL has ended, and hangs nowhere', async () => {
    const directory = await makeScratchDirectory();
    const session = await PgliteSession.open({
      cluster: join(directory, 'database', 'cluster'),
      durable: false,
      verifiable: false,
    });
    let closed = 0;
    const database = new PgliteDatabase(session, {
      created: false,
      clock: systemClock,
      logger,
      closed: async () => {
        closed++;
      },
    });
    const { promise: begun, resolve: hasBegun } = Promise.withResolvers<void>();
    const running = database.transaction(async (transaction) => {
      await sql`select 1`.execute(transaction);
      hasBegun();
      await sql`select pg_sleep(5)`.execute(transaction);
    });
    const waiting = sql`select 1`.execute(database.queries);
    const earlier = Promise.allSettled([running, waiting]);
    await begun;
    await session.abandon();
    const later = [
      sql`select 1`.execute(database.queries),
      database.transaction((transaction) => sql`select 1`.execute(transaction)),
      database.transaction(async () => 'nothing asked'),
    ];
    for (const outcome of [...(await earlier), ...(await Promise.allSettled(later))]) {
      const error = outcome.status === 'rejected' ? outcome.reason : outcome.value;
      expect(error).toBeInstanceOf(DatabaseGoneError);
      expect(classifyDatabaseError(error)).toBe('world');
    }
    expect(database.gone.aborted).toBe(true);
    await database.close();
    // It did not end in order, and that is not noted.
    expect(closed).toBe(0);
    await rm(directory, { recursive: true, force: true });
  });

  it('waits for what runs when it is closed, and refuses what comes later', async () => {
    const scratch = await openScratchDatabase();
    const { database } = scratch;
    const running = database.transaction(async (transaction) => {
      await sql`select pg_sleep(0.05)`.execute(transaction);
      return 'committed';
    });
    await sql`select 1`.execute(database.queries).catch(() => undefined);
    const closing = database.close();
    expect(await running).toBe('committed');
    await closing;
    await expect(sql`select 1`.execute(database.queries)).rejects.toThrow(DatabaseGoneError);
    await scratch[Symbol.asyncDispose]();
  });
});
