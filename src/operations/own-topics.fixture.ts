import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { sql } from 'kysely';
import type { TopicName } from '../contracts/topics.ts';
import type { Database } from '../database/database.ts';
import { readOwedStates } from '../database/owed-states.ts';
import { effects } from '../effects/silent.fixture.ts';
import { openEmbeddedLog } from '../log/embedded/embedded-log.ts';
import type { EventLog, NewRecord } from '../log/event-log.ts';

export const group = 'dispatchai-classifier';

export type ScratchLog = EventLog & AsyncDisposable;

/** A log in a directory of its own. */
export async function openScratchLog(): Promise<ScratchLog> {
  const directory = await mkdtemp(join(tmpdir(), 'own-topics-'));
  const log = await openEmbeddedLog({
    ...effects,
    file: join(directory, 'log.sqlite'),
    profile: 'development',
  });
  const dispose = async () => {
    await log.close();
    await rm(directory, { recursive: true, force: true });
  };
  return Object.assign(log, { [Symbol.asyncDispose]: dispose });
}

/** Publishes what is owed, as a relay does, and notes nothing of where. */
export async function publishOwed(database: Database, log: EventLog): Promise<void> {
  const { states } = await readOwedStates(
    database.queries,
    { rows: 10_000, bytes: 100_000_000 },
    { places: [], lease: null },
  );
  const records = states.flatMap(({ topic, key, value, version }): NewRecord[] =>
    value === null ? [] : [{ topic, key, value: Buffer.from(value), headers: { version: String(version) } }],
  );
  await log.append(records);
  await sql`delete from outbox`.execute(database.queries);
}

/** What the outbox has, by topic. */
export const readOwed = ({ queries }: Database) =>
  queries.selectFrom('outbox').select(['topic', 'key', 'version']).orderBy('topic').execute();

export const readFeedId = ({ queries }: Database) =>
  queries.selectFrom('pairing').select('feed_id').executeTakeFirstOrThrow();

export async function readTopic(log: EventLog, topic: TopicName) {
  const found: { readonly key: string; readonly value: Record<string, unknown> | null }[] = [];
  for (const { partition, start } of await log.ranges(topic)) {
    for await (const records of log.read({ topic, partition, from: start })) {
      for (const { key, value } of records) {
        const text = Buffer.from(value ?? []).toString();
        found.push({ key, value: text.startsWith('{') ? JSON.parse(text) : null });
      }
    }
  }
  return found;
}

/** Everything that a database which was lost and made again has to have as it was. */
export async function readKept({ queries }: Database) {
  const issues = await queries
    .selectFrom('issues')
    .selectAll()
    .orderBy('repository_id')
    .orderBy('number')
    .execute();
  const answers = await queries
    .selectFrom('classifications')
    .select([
      'repository_id',
      'number',
      'content_hash',
      'source',
      'classifier',
      'cache_key',
      'answer',
      'degraded',
    ])
    .select(['category', 'priority', 'shown_source'])
    .orderBy('repository_id')
    .orderBy('number')
    .execute();
  const corrections = await queries
    .selectFrom('corrections')
    .select(['repository_id', 'number', 'field', 'value'])
    .orderBy('repository_id')
    .orderBy('number')
    .orderBy('field')
    .execute();
  const ledger = await queries
    .selectFrom('deletions')
    .selectAll()
    .orderBy('repository_id')
    .orderBy('number')
    .execute();
  // That a state was taken over is no part of what it is.
  const states = issues.map(({ guards: { takenOver: _, ...guards }, ...row }) => ({ ...row, guards }));
  return { issues: states, answers, corrections, ledger };
}

/** A new database: no rows, another id. */
export async function emptyDatabase({ queries }: Database): Promise<void> {
  await sql`truncate events, issues, classifications, corrections, ai_answers, ai_tasks, ai_calls, ai_contents, outbox,
                     positions, deletions, pairing, pairing_choices, audit`.execute(queries);
  await sql`insert into pairing default values`.execute(queries);
}

/** Every table as it is now, to be put back by `putBack`. */
export async function keepCopy({ queries }: Database): Promise<void> {
  await sql`drop schema if exists kept cascade`.execute(queries);
  await sql`create schema kept`.execute(queries);
  for (const table of copied) {
    await sql`create table kept.${sql.ref(table)} as table ${sql.ref(table)}`.execute(queries);
  }
}

/** The database as it was when the copy was made, behind everybody's back. */
export async function putBack(database: Database): Promise<void> {
  await database.transaction(async (transaction) => {
    for (const table of copied) {
      await sql`delete from ${sql.ref(table)}`.execute(transaction);
      await sql`insert into ${sql.ref(table)} overriding system value table kept.${sql.ref(table)}`.execute(
        transaction,
      );
    }
  });
}

const copied = [
  'events',
  'issues',
  'classifications',
  'corrections',
  'ai_answers',
  'ai_tasks',
  'ai_calls',
  'ai_contents',
  'outbox',
  'positions',
  'deletions',
  'pairing',
  'pairing_choices',
  'leases',
];
