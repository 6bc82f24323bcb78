import { sql } from 'kysely';
import type { BegunChoice, LogIds } from '../domain/pairing.ts';
import type { Queries } from './database.ts';

/** How far the log was read for whom it names. */
export interface LogReading {
  /** The database id that the log names; null when it names none. */
  readonly names: string | null;
  /** Of the ledger topic that was read; null before the first time. */
  readonly topicId: string | null;
  /** Next offset of each partition. */
  readonly offsets: Readonly<Record<string, number>>;
}

export interface StoredPairing {
  readonly databaseId: string;
  readonly knownLog: LogIds | null;
  readonly reading: LogReading;
  readonly hasHistory: boolean;
  readonly begun: BegunChoice | null;
  /** Of the last choice that was made, finished or not; 0 before the first. */
  readonly lastChoice: number;
  /** The last choice that was finished. */
  readonly finished: FinishedChoice | null;
}

export interface FinishedChoice {
  readonly choice: BegunChoice['choice'];
  /** ISO 8601. */
  readonly at: string;
  /** How many records of `issues.raw` were in the log. */
  readonly records: number;
}

/** @param consumer whose positions make a history */
export async function readPairing(queries: Queries, consumer: string): Promise<StoredPairing> {
  const { rows } = await sql<StoredPairing>`
    select database_id::text as "databaseId",
           case when cluster_id is not null then
             json_build_object('clusterId', cluster_id, 'topicIds', coalesce(topic_ids, '{}')) end as "knownLog",
           json_build_object('names', log_names, 'topicId', log_topic_id, 'offsets', log_read) as reading,
           ${hasHistory(consumer)} as "hasHistory",
           (select json_build_object('id', id, 'choice', choice,
                     'log', json_build_object('clusterId', c.cluster_id, 'topicIds', c.topic_ids))
              from pairing_choices c where finished_at is null and abandoned_at is null) as begun,
           (select coalesce(max(id), 0) from pairing_choices) as "lastChoice",
           (select json_build_object('choice', choice, 'records', records,
                     'at', to_char(finished_at at time zone 'UTC', ${sql.lit('YYYY-MM-DD"T"HH24:MI:SS"Z"')}))
              from pairing_choices where finished_at is not null order by id desc limit 1) as finished
      from pairing`.execute(queries);
  const [row] = rows;
  if (!row) throw new Error('the pairing row is missing');
  return row;
}

const hasHistory = (consumer: string) =>
  sql`(exists (select from positions where consumer = ${consumer}) or exists (select from events))`;

/** The database that was found to belong to the log. */
export type FoundDatabase = Pick<StoredPairing, 'databaseId' | 'hasHistory'>;

/**
 * Whether the database is the one that was found, with the history that it had: to be asked in the transaction that
 * writes a position, since that is a history from then on.
 */
export async function isAsFound(
  transaction: Queries,
  consumer: string,
  { databaseId, hasHistory: hadHistory }: FoundDatabase,
): Promise<boolean> {
  const { rows } = await sql`
    select 1 from pairing
     where database_id = ${databaseId}::uuid and (${hasHistory(consumer)} or not ${hadHistory}::boolean)`.execute(
    transaction,
  );
  return rows.length > 0;
}

/** Notes how far the log was read for whom it names. */
export async function noteLogReading(queries: Queries, reading: LogReading): Promise<void> {
  await sql`
    update pairing set log_names = ${reading.names}, log_topic_id = ${reading.topicId},
           log_read = ${JSON.stringify(reading.offsets)}::jsonb`.execute(queries);
}

/** Notes the log that this database belongs to. */
export async function noteLog(queries: Queries, log: LogIds): Promise<void> {
  await sql`
    update pairing set cluster_id = ${log.clusterId}, topic_ids = ${JSON.stringify(log.topicIds)}::jsonb,
           paired_at = now()`.execute(queries);
}

/**
 * Begins a choice, unless another one was made since `lastChoice`, be it under way or finished, or the database has a history
 * by now that it had not: `taken`, and what is there stands. Who was frozen while it decided knows neither.
 */
export async function beginChoice(
  transaction: Queries,
  choice: {
    readonly choice: BegunChoice['choice'];
    readonly reason: string;
    readonly log: LogIds;
    readonly records: number;
    readonly lastChoice: number;
    /** Whose positions make a history. */
    readonly consumer: string;
    readonly hadHistory: boolean;
  },
): Promise<'begun' | 'taken'> {
  // Only behind the lock is it seen what was chosen by whoever held it.
  await sql`select 1 from pairing for update`.execute(transaction);
  const { rows } = await sql`
    insert into pairing_choices (choice, reason, cluster_id, topic_ids, records)
    select ${choice.choice}, ${choice.reason}, ${choice.log.clusterId},
           ${JSON.stringify(choice.log.topicIds)}::jsonb, ${choice.records}::bigint
     where (select coalesce(max(id), 0) from pairing_choices) = ${choice.lastChoice}::bigint
       and ${hasHistory(choice.consumer)} = ${choice.hadHistory}::boolean
    on conflict do nothing
    returning 1`.execute(transaction);
  return rows.length > 0 ? 'begun' : 'taken';
}

export async function endChoice(
  queries: Queries,
  id: number,
  how: 'finished_at' | 'abandoned_at',
): Promise<void> {
  await sql`update pairing_choices set ${sql.ref(how)} = now() where id = ${id}::bigint`.execute(queries);
}
