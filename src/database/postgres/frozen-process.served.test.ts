import { fork } from 'node:child_process';
import { once } from 'node:events';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { classifyDatabaseError } from '../database-error.ts';
import { lockIssueKeys } from '../key-locks.ts';
import { openServedScratch, type ServedScratch } from './served-scratch.fixture.ts';

let scratch: ServedScratch;
beforeAll(async () => {
  scratch = await openServedScratch(inject('databaseUrl'));
}, 60_000);
afterAll(() => scratch[Symbol.asyncDispose]());

/** Tries again on the world's fault, as the services do. */
async function lockInTheEnd(): Promise<void> {
  for (;;) {
    try {
      const key = { repositoryId: 1, number: 1 };
      return await scratch.database.transaction((transaction) => lockIssueKeys(transaction, [key]));
    } catch (error) {
      if (classifyDatabaseError(error) !== 'world') throw error;
    }
  }
}

describe('a frozen process', { timeout: 60_000 }, () => {
  it.each([
    { how: 'working', withinMs: 20_000 },
    { how: 'reading', withinMs: 25_000 },
  ])('loses its locks while $how, and can commit nothing when it wakes', async ({ how, withinMs }) => {
    const program = new URL('./hold-keys.fixture.ts', import.meta.url);
    const child = fork(program, [scratch.url, how]);
    try {
      await once(child, 'message');
      child.kill('SIGSTOP');
      const before = performance.now();
      await lockInTheEnd();
      expect(performance.now() - before).toBeLessThan(withinMs);
      child.send('go on');
      child.kill('SIGCONT');
      expect(await once(child, 'exit')).toEqual([3, null]);
    } finally {
      child.kill('SIGKILL');
    }
    const rows = await scratch.database.queries.selectFrom('outbox').selectAll().execute();
    expect(rows).toEqual([]);
  });
});
