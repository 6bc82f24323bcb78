import { randomUUID } from 'node:crypto';
import { sql } from 'kysely';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Database } from '../database/database.ts';
import { openScratchDatabase, type ScratchDatabase } from '../database/scratch-database.fixture.ts';
import { effects } from '../effects/silent.fixture.ts';
import { startUnderLease } from './start-under-lease.ts';

let scratch: ScratchDatabase;
beforeAll(async () => {
  scratch = await openScratchDatabase();
});
afterAll(() => scratch[Symbol.asyncDispose]());

/** A database that can be taken away. */
class Removable implements Database {
  readonly driver = 'pglite';
  away = false;
  get queries() {
    if (this.away) throw new Error('the connection is lost');
    return scratch.database.queries;
  }
  transaction: Database['transaction'] = (work) => scratch.database.transaction(work);
  listen: Database['listen'] = (channel, wake) => scratch.database.listen(channel, wake);
  close = async () => undefined;
}

const start = (database: Database, failing = false) =>
  startUnderLease({
    name: 'relay',
    database,
    effects,
    holder: randomUUID(),
    termMs: 300,
    pauseAfterErrorMs: 10,
    reasonAfterError: 'The work failed.',
    work: async ({ lost }) => {
      if (failing) throw new Error('a defect');
      await effects.clock.sleep(60_000, lost);
    },
  });

it('is not ready while the database does not answer, and is again when it does', async () => {
  const database = new Removable();
  const service = start(database);
  expect(service.readiness()).toEqual({ ready: true });
  database.away = true;
  await expect
    .poll(() => service.readiness())
    .toEqual({ ready: false, reason: 'The database does not answer for the lease.' });
  database.away = false;
  await expect.poll(() => service.readiness()).toEqual({ ready: true });
  await service.stop();
  expect(service.readiness()).toEqual({ ready: false, reason: 'The relay stops.' });
});

it('is ready while another one holds the lease, whatever held up its own work before', async () => {
  const service = start(scratch.database, true);
  await expect.poll(() => service.readiness()).toEqual({ ready: false, reason: 'The work failed.' });
  await sql`
    update leases set holder = 'another', token = token + 1, expires_at = now() + interval '1 minute'
     where name = 'relay'`.execute(scratch.database.queries);
  await expect.poll(() => service.readiness()).toEqual({ ready: true });
  await service.stop();
});
