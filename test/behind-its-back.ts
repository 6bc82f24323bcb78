import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { Admin } from '@platformatic/kafka';
import { sql } from 'kysely';
import { Client } from 'pg';
import { lockDataDirectory } from '../src/database/pglite/data-directory-lock.ts';
import { openPglite } from '../src/database/pglite/open-pglite.ts';
import { systemClock } from '../src/effects/clock.ts';
import { systemRandomness } from '../src/effects/randomness.ts';
import { silent as logger } from '../src/effects/silent.fixture.ts';
import { openEmbeddedLog } from '../src/log/embedded/embedded-log.ts';
import type { Stores } from './stores.ts';
import { until } from './until.ts';

// What an operator can do to the stores of a server that is stopped, with the stores' own tools.

const group = 'dispatchai-classifier';
const topic = 'issues.raw';

/** Runs plain SQL, one statement after the other. */
export async function runSql(
  dataDirectory: string,
  { databaseUrl }: Pick<Stores, 'databaseUrl'>,
  statements: readonly string[],
): Promise<void> {
  if (databaseUrl !== null) return runServedSql(databaseUrl, statements);
  const lock = await lockDataDirectory(dataDirectory, { clock: systemClock });
  if (lock.kind === 'held') throw new Error(`${dataDirectory} is held by ${lock.by}`);
  const directory = join(dataDirectory, 'database');
  const database = await openPglite({ directory, lock, clock: systemClock, logger });
  try {
    for (const statement of statements) await sql.raw(statement).execute(database.queries);
  } finally {
    await database.close();
    lock.release();
  }
}

/** The whole database is gone. */
export async function dropDatabase(
  dataDirectory: string,
  { databaseUrl }: Pick<Stores, 'databaseUrl'>,
): Promise<void> {
  if (databaseUrl === null) await rm(join(dataDirectory, 'database'), { recursive: true });
  else await runServedSql(databaseUrl, ['drop schema public cascade', 'create schema public']);
}

/** Sets the classifier's committed offsets to the start of the log. */
export async function resetGroup(dataDirectory: string, { kafka }: Pick<Stores, 'kafka'>): Promise<void> {
  const partitions = [0, 1, 2];
  if (kafka === null) {
    const log = await openEmbeddedLog({
      file: join(dataDirectory, 'log.sqlite'),
      profile: 'development',
      clock: systemClock,
      randomness: systemRandomness,
      logger,
    });
    const set = await log.setGroupOffsets(
      group,
      partitions.map((partition) => ({ topic, partition, offset: 0 })),
    );
    await log.close();
    if (set !== 'set') throw new Error('the group is at work');
    return;
  }
  const admin = new Admin({ clientId: 'an-operator', bootstrapBrokers: kafka.bootstrapServers.split(',') });
  try {
    await admin.alterConsumerGroupOffsets({
      groupId: group,
      topics: [{ name: topic, partitionOffsets: partitions.map((partition) => ({ partition, offset: 0n })) }],
    });
  } finally {
    await admin.close();
  }
}

/** `issues.enriched` is gone with all its records: whoever starts next makes it anew. */
export async function removeFeedTopic(
  dataDirectory: string,
  { kafka }: Pick<Stores, 'kafka'>,
): Promise<void> {
  const name = 'issues.enriched';
  if (kafka === null) {
    const log = new DatabaseSync(join(dataDirectory, 'log.sqlite'));
    for (const { id } of log.prepare('select id from partitions where topic = ?').all(name)) {
      log.exec(`drop table records_${Number(id)}`);
    }
    log.prepare('delete from partitions where topic = ?').run(name);
    log.prepare('delete from topics where name = ?').run(name);
    log.close();
    return;
  }
  const admin = new Admin({ clientId: 'an-operator', bootstrapBrokers: kafka.bootstrapServers.split(',') });
  try {
    await admin.deleteTopics({ topics: [name] });
    await until(async () => !(await admin.listTopics()).includes(name), {
      what: 'the topic is gone',
      withinMs: 30_000,
    });
  } finally {
    await admin.close();
  }
}

async function runServedSql(url: string, statements: readonly string[]): Promise<void> {
  const client = new Client({ connectionString: url });
  await client.connect();
  try {
    for (const statement of statements) await client.query(statement);
  } finally {
    await client.end();
  }
}
