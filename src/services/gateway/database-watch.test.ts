import { afterAll, beforeAll, expect, it } from 'vitest';
import { openScratchDatabase, type ScratchDatabase } from '../../database/scratch-database.fixture.ts';
import { openGateway } from './gateway.fixture.ts';

let scratch: ScratchDatabase;
beforeAll(async () => {
  scratch = await openScratchDatabase();
});
afterAll(() => scratch[Symbol.asyncDispose]());

it('a gateway whose database is away is not ready, and is again when it is back', async () => {
  let away = false;
  const { database } = scratch;
  const removable = Object.create(database, {
    queries: {
      get: () => {
        if (away) throw new Error('the connection is lost');
        return database.queries;
      },
    },
  });
  await using opened = await openGateway(scratch, { database: removable });
  const { gateway } = opened;
  await expect.poll(() => gateway.readiness()).toEqual({ ready: true });
  away = true;
  const notReady = { ready: false, reason: 'The database does not answer.' };
  await expect.poll(() => gateway.readiness()).toEqual(notReady);
  away = false;
  await expect.poll(() => gateway.readiness()).toEqual({ ready: true });
}, 20_000);
