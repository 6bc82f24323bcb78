import { sql } from 'kysely';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { classifyDatabaseError } from '../src/database/database-error.ts';
import { openServedScratch, type ServedScratch } from '../src/database/postgres/served-scratch.fixture.ts';
import { PostgresServer } from './servers/postgres-server.ts';

let server: PostgresServer;
let scratch: ServedScratch;

beforeAll(async () => {
  server = await PostgresServer.start();
  scratch = await openServedScratch(server.url);
});
afterAll(async () => {
  await scratch?.[Symbol.asyncDispose]();
  await server?.remove();
});

it('an open database survives kill -9 of its server: what was acknowledged is there, and it works again', async () => {
  const { database } = scratch;
  let woken = 0;
  const stop = await database.listen('outbox', () => woken++);
  const acknowledged: string[] = [];
  const faults = new Set<string>();
  const stopped = new AbortController();
  const write = async (writer: number) => {
    for (let number = 0; !stopped.signal.aborted; number++) {
      const key = `${writer}/${number}`;
      try {
        await database.transaction(async (transaction) => {
          await transaction.insertInto('outbox').values({ topic: 'written', key, version: 1 }).execute();
          await sql`select pg_notify('outbox', '')`.execute(transaction);
        });
        acknowledged.push(key);
      } catch (error) {
        faults.add(classifyDatabaseError(error));
      }
    }
  };
  const writing = [1, 2, 3, 4].map(write);
  const has = (count: number) =>
    expect.poll(() => acknowledged.length, { timeout: 30_000 }).toBeGreaterThan(count);
  await has(200);
  await server.kill();
  const before = acknowledged.length;
  await server.restart();
  await has(before + 200);
  stopped.abort();
  await Promise.all(writing);
  expect([...faults]).toEqual(['world']);
  const rows = await database.queries.selectFrom('outbox').select('key').execute();
  const stored = new Set(rows.map(({ key }) => key));
  expect(acknowledged.filter((key) => !stored.has(key))).toEqual([]);

  const wokenBefore = woken;
  await sql`select pg_notify('outbox', '')`.execute(database.queries);
  await expect.poll(() => woken, { timeout: 10_000 }).toBeGreaterThan(wokenBefore);
  await stop();
});
