import { sql } from 'kysely';
import { afterEach, beforeAll, describe, expect, inject, it } from 'vitest';
import { type Clock, systemClock } from '../../effects/clock.ts';
import { silent } from '../../effects/silent.fixture.ts';
import type { Queries } from '../database.ts';
import { classifyDatabaseError, DatabaseGoneError, DatabaseUnavailableError } from '../database-error.ts';
import { type FaultyNetwork, openFaultyNetwork } from './faulty-network.fixture.ts';
import { openPostgres } from './open-postgres.ts';
import type { PostgresDatabase } from './postgres-database.ts';
import { openServedScratch, type ServedScratch } from './served-scratch.fixture.ts';

/** Every wait of the driver, a hundredth as long. */
const hurried: Clock = { ...systemClock, sleep: (ms, signal) => systemClock.sleep(ms / 100, signal) };

let scratch: ServedScratch;
let network: FaultyNetwork;
let database: PostgresDatabase;

const one = (queries: Queries) => sql`select 1`.execute(queries);
const failureOf = (running: Promise<unknown>) =>
  running.then(
    () => undefined,
    (error: unknown) => error,
  );

async function open(options: { clock?: Clock; connections?: number } = {}) {
  database = await openPostgres({
    url: network.url,
    schema: 'public',
    connections: 3,
    applicationName: 'dispatchai faults',
    clock: systemClock,
    logger: silent,
    ...options,
  });
  return database;
}

beforeAll(async () => {
  scratch = await openServedScratch(inject('databaseUrl'));
  network = await openFaultyNetwork(scratch.url);
  return async () => {
    await network[Symbol.asyncDispose]();
    await scratch[Symbol.asyncDispose]();
  };
}, 60_000);

afterEach(async () => {
  network.heal();
  await database.close();
  await expect.poll(() => network.open).toBe(0);
});

describe('a served PostgreSQL whose connections fail', { timeout: 30_000 }, () => {
  it('blames the world, works again by itself, and wakes who listened meanwhile', async () => {
    await open();
    let wake: () => void = () => undefined;
    const stop = await database.listen('outbox', () => wake());
    const { promise: begun, resolve: hasBegun } = Promise.withResolvers<void>();
    const lost = failureOf(
      database.transaction(async (transaction) => {
        await one(transaction);
        hasBegun();
        await sql`select pg_sleep(20)`.execute(transaction);
      }),
    );
    await begun;
    await one(database.queries);
    const awake = new Promise<void>((resolve) => {
      wake = resolve;
    });
    network.cut();
    expect(classifyDatabaseError(await lost)).toBe('world');
    // Also between two statements, where nobody waits for an answer: no session is left that looks alive.
    expect(classifyDatabaseError(await failureOf(one(database.queries)))).toBe('world');
    network.heal();
    await one(database.queries);
    await awake;
    await stop();
  });

  it('rolls back a transaction whose session is lost between its statements', async () => {
    await open();
    const running = database.transaction(async (transaction) => {
      await transaction.insertInto('outbox').values({ topic: 'lost', key: 'a', version: 1 }).execute();
      network.cut();
      await one(transaction);
    });
    expect(classifyDatabaseError(await failureOf(running))).toBe('world');
    network.heal();
    expect(await database.queries.selectFrom('outbox').selectAll().execute()).toEqual([]);
  });

  it('blames the world when the answer to a commit is lost, whatever became of it', async () => {
    await open();
    network.swallowAnswerTo('commit\0');
    const running = database.transaction((transaction) =>
      transaction.insertInto('outbox').values({ topic: 'uncertain', key: 'a', version: 1 }).execute(),
    );
    expect(classifyDatabaseError(await failureOf(running))).toBe('world');
    const written = await database.queries.selectFrom('outbox').select('topic').execute();
    expect(written).toEqual([{ topic: 'uncertain' }]);
  });

  it('waits for a server that hangs no longer than it says, for none of its sessions', async () => {
    await open({ clock: hurried });
    // Three sessions, all of them idle now.
    await Promise.all([1, 2, 3].map(() => database.transaction(one)));
    network.freeze();
    const hung = await failureOf(one(database.queries));
    expect(hung).toBeInstanceOf(DatabaseUnavailableError);
    expect(classifyDatabaseError(hung)).toBe('world');
    network.heal();
    await one(database.queries);
  });

  it('connects within two seconds or not at all', async () => {
    await open();
    network.freeze();
    const before = performance.now();
    expect(classifyDatabaseError(await failureOf(one(database.queries)))).toBe('world');
    expect(performance.now() - before).toBeLessThan(4_000);
    await expect(open()).rejects.toMatchObject({ name: 'PostgresUnusableError' });
  });

  it('lets nobody wait for a session for ever', async () => {
    await open({ clock: hurried, connections: 1 });
    const { promise: finished, resolve: finish } = Promise.withResolvers<void>();
    const holding = database.transaction(async (transaction) => {
      await one(transaction);
      await finished;
    });
    const refused = await failureOf(one(database.queries));
    expect(refused).toBeInstanceOf(DatabaseUnavailableError);
    finish();
    await holding;
    await one(database.queries);
  });

  it('ends for a session that was terminated, and takes another', async () => {
    await open();
    await one(database.queries);
    await sql`select pg_terminate_backend(pid) from pg_stat_activity
      where datname = current_database() and application_name = 'dispatchai faults'`.execute(
      scratch.database.queries,
    );
    const running = database.transaction(async (transaction) => {
      await sql`select pg_terminate_backend(pg_backend_pid())`.execute(transaction);
    });
    expect(classifyDatabaseError(await failureOf(running))).toBe('world');
    await one(database.queries);
  });

  it('waits for what runs when it is closed, and refuses what comes later', async () => {
    await open({ connections: 1 });
    const numbers = [1, 2, 3];
    const running = numbers.map((number) =>
      database.transaction(async (transaction) => {
        await sql`select pg_sleep(0.02)`.execute(transaction);
        return number;
      }),
    );
    const closing = [database.close(), database.close()];
    expect(await Promise.all(running)).toEqual(numbers);
    await Promise.all(closing);
    await expect(one(database.queries)).rejects.toThrow(DatabaseGoneError);
    await expect(database.transaction(one)).rejects.toThrow(DatabaseGoneError);
    await expect(database.listen('outbox', () => undefined)).rejects.toThrow(DatabaseGoneError);
  });

  it('closes though the server hangs', async () => {
    await open();
    await one(database.queries);
    await database.listen('outbox', () => undefined);
    network.freeze();
    await database.close();
  });

  it('prepares a statement anew whose table a migration changed', async () => {
    await open({ connections: 1 });
    const { queries } = scratch.database;
    await sql`create table changing (a integer)`.execute(queries);
    const read = () => sql`select * from changing where ${'x'} = 'x'`.execute(database.queries);
    await read();
    await sql`alter table changing add column b text`.execute(queries);
    expect(classifyDatabaseError(await failureOf(read()))).toBe('world');
    await read();
    await sql`drop table changing`.execute(queries);
  });
});
