import { randomUUID } from 'node:crypto';
import { Client } from 'pg';
import { systemClock } from '../../effects/clock.ts';
import { silent } from '../../effects/silent.fixture.ts';
import { migrate } from '../migrate.ts';
import { openPostgres } from './open-postgres.ts';
import type { PostgresDatabase } from './postgres-database.ts';

export interface ServedScratch {
  readonly database: PostgresDatabase;
  /** Of the scratch database, for further sessions with it. */
  readonly url: string;
  /** Closes it and removes it from the server, with whoever still uses it. */
  [Symbol.asyncDispose](): Promise<void>;
}

export interface ServedScratchOptions {
  /** `migrated` unless told otherwise. */
  readonly contents?: 'empty' | 'migrated';
  readonly schema?: string;
  readonly connections?: number;
}

/** For tests: a database of its own on a real server, with all migrations done unless asked otherwise. */
export async function openServedScratch(
  serverUrl: string,
  { contents = 'migrated', schema = 'public', connections = 8 }: ServedScratchOptions = {},
): Promise<ServedScratch> {
  const name = `scratch_${randomUUID().replaceAll('-', '')}`;
  await administer(serverUrl, `create database "${name}"`);
  const url = new URL(serverUrl);
  url.pathname = `/${name}`;
  const remove = () => administer(serverUrl, `drop database if exists "${name}" with (force)`);
  try {
    const database = await openPostgres({
      url: url.href,
      schema,
      connections,
      applicationName: 'dispatchai test',
      clock: systemClock,
      logger: silent,
    });
    if (contents === 'migrated') await migrate(database);
    return {
      database,
      url: url.href,
      [Symbol.asyncDispose]: async () => {
        await database.close();
        await remove();
      },
    };
  } catch (error) {
    await remove();
    throw error;
  }
}

/** One statement as the server's administrator. */
export async function administer(serverUrl: string, statement: string): Promise<void> {
  const client = new Client({ connectionString: serverUrl });
  await client.connect();
  try {
    await client.query(statement);
  } finally {
    await client.end();
  }
}
