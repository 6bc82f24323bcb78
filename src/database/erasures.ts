import { sql } from 'kysely';
import { formatKey, type IssueKey } from '../contracts/issue.ts';
import { erasedFailure } from '../domain/dead-letter.ts';
import { erasedReason } from '../domain/deletion-ledger.ts';
import type { Queries } from './database.ts';

/** Which of these keys, as texts, a ledger row bars for ever; the caller holds their locks. */
export async function readErasedKeys(
  transaction: Queries,
  keys: readonly IssueKey[],
): Promise<ReadonlySet<string>> {
  if (keys.length === 0) return new Set();
  const { rows } = await sql<IssueKey>`
    select d.repository_id as "repositoryId", d.number from ${recordset(keys)}
      join deletions d on d.repository_id = key."repositoryId" and d.number = key.number
     where d.permanent and d.lifted_at is null`.execute(transaction);
  return new Set(rows.map(formatKey));
}

/**
 * Takes what these issues said out of their events. That each delivery came, when, and what became of it stays, so that
 * a redelivery drops out. One that waited for another try is refused; a dead one's letter is owed again, also when it
 * was before, to replace the bytes that its topic has. The caller holds the keys' locks, and whoever works on one of the rows does not wait for
 * them.
 * @param letterVersion of the dead letters owed; above whatever is owed under their keys already
 */
export async function eraseEvents(
  transaction: Queries,
  keys: readonly IssueKey[],
  letterVersion: number,
): Promise<void> {
  await sql`
    with erased as (
      update events e
         set payload = null, actor = null, next_try_at = null,
             status = case status when 'failed' then 'refused' else status end,
             reason = case status when 'failed' then ${erasedReason} when 'dead' then 'erased' else reason end,
             failure = case status when 'dead' then ${erasedFailure} end,
             record = case status when 'dead' then json_build_object(
               'key', repository_id || '#' || e.number, 'headers', json_build_object(),
               'timestamp', floor(extract(epoch from received_at) * 1000)) end
        from ${recordset(keys)}
       where e.repository_id = key."repositoryId" and e.number = key.number and (${hasText} or e.status = 'dead')
      returning e.delivery_id, e.status),
    owed as (
      insert into outbox (topic, key, version)
      select 'issues.dead-letter', delivery_id, ${letterVersion}::bigint from erased where status = 'dead'
      on conflict (topic, key) do update set version = greatest(outbox.version + 1, excluded.version)
      returning 1)
    select pg_notify('outbox', '') from owed limit 1`.execute(transaction);
}

/**
 * Removes a model's answers to texts of these issues, current and former, and what is known of calls about them. One
 * that another issue of the repository has too stays: it says nothing that this one's text does not, and would have to be
 * paid for again.
 */
export async function eraseAnswers(transaction: Queries, keys: readonly IssueKey[]): Promise<void> {
  await sql`
    with content as materialized (
      select distinct c.repository_id, c.content_hash from ${recordset(keys)}
        join ai_contents c on c.repository_id = key."repositoryId" and c.number = key.number
       where not ${isShared(keys)}),
    answers_gone as (
      delete from ai_answers a using content c
       where a.repository_id = c.repository_id and a.content_hash = c.content_hash),
    calls_gone as (
      delete from ai_calls a using content c
       where a.cache_key like '%/' || c.repository_id || '/' || c.content_hash)
    delete from ai_contents c using ${recordset(keys)}
     where c.repository_id = key."repositoryId" and c.number = key.number`.execute(transaction);
}

/** What there is of an issue that an erasure would remove. */
export interface ErasableCounts {
  /** 1 when the issue is here. */
  readonly issues: number;
  readonly corrections: number;
  /** Events that still have a payload, a record or a name. */
  readonly events: number;
  /** Of these, how many wait for another try. */
  readonly failed: number;
  /** Of these, how many are in `issues.dead-letter`, or owed to it. */
  readonly deadLetters: number;
  /** A model's answers, to the current text and to former ones. */
  readonly answers: number;
  /** Answers that stay, since another issue of the repository has the same text. */
  readonly sharedAnswers: number;
}

export async function countErasable(queries: Queries, key: IssueKey): Promise<ErasableCounts> {
  const ofIssue = sql`repository_id = ${key.repositoryId}::bigint and number = ${key.number}::bigint`;
  const { rows } = await sql<ErasableCounts>`
    select (select count(*) from issues where ${ofIssue}) as issues,
           (select count(*) from corrections where ${ofIssue}) as corrections,
           e.events, e.failed, e."deadLetters", a.answers, a.shared as "sharedAnswers"
      from (select count(*) as events, count(*) filter (where status = 'failed') as failed,
                   count(*) filter (where status = 'dead') as "deadLetters"
              from events e where ${ofIssue} and ${hasText}) e,
           (select count(*) filter (where not shared) as answers, count(*) filter (where shared) as shared
              from (select ${isShared([key])} as shared
                      from ai_contents c join ai_answers using (repository_id, content_hash)
                     where c.repository_id = ${key.repositoryId}::bigint
                       and c.number = ${key.number}::bigint) found) a`.execute(queries);
  const [row] = rows;
  if (!row) throw new Error('a select of one row gave none');
  return row;
}

/** Where records of an issue that this database has seen stand in a topic. */
export interface SeenRecords {
  readonly partition: number;
  readonly offset: number;
}

/** The newest record of an issue, of each partition of the topic, that its events came from. */
export async function readNewestRecords(
  queries: Queries,
  key: IssueKey,
  topic: string,
): Promise<readonly SeenRecords[]> {
  const { rows } = await sql<SeenRecords>`
    select partition, max(log_offset) as "offset" from events
     where repository_id = ${key.repositoryId}::bigint and number = ${key.number}::bigint and topic = ${topic}
     group by partition`.execute(queries);
  return rows;
}

/** Whether the relay still owes something that an erasure put into the outbox. */
export async function isErasureOwed(queries: Queries, key: IssueKey): Promise<boolean> {
  const { rows } = await sql`
    select from outbox
     where (topic in ('issues.enriched', 'issues.deletions') and key = ${formatKey(key)})
        or (topic = 'issues.dead-letter' and key in (
             select delivery_id from events
              where repository_id = ${key.repositoryId}::bigint and number = ${key.number}::bigint
                and status = 'dead'))
     limit 1`.execute(queries);
  return rows.length > 0;
}

/** Of an event `e`. */
const hasText = sql`(e.payload is not null or e.actor is not null or e.status = 'failed'
  or (e.status = 'dead' and e.failure is distinct from ${erasedFailure}))`;

/** Whether another issue has the text `c`, beside these. */
const isShared = (keys: readonly IssueKey[]) => sql<boolean>`exists (
  select from issues i
   where i.repository_id = c.repository_id and i.content_hash = c.content_hash
     and not exists (select from ${recordset(keys)}
                      where key."repositoryId" = i.repository_id and key.number = i.number))`;

const recordset = (keys: readonly IssueKey[]) => {
  const rows = keys.map(({ repositoryId, number }) => ({ repositoryId, number }));
  return sql`json_to_recordset(${JSON.stringify(rows)}::json) as key("repositoryId" bigint, number bigint)`;
};
