import { sql } from 'kysely';
import type { IssueKey } from '../contracts/issue.ts';
import type { Queries } from './database.ts';

// A task waits, is in somebody's hand (leased_until), or is parked behind a call about the same text. `due_at` says in all
// three from when on it may be claimed, so that nothing is forgotten with who held it.

export interface NewTask extends IssueKey {
  readonly contentHash: string;
  /** Goes before those that are not: imports. */
  readonly live: boolean;
}

/**
 * Lets issues wait for a model's answer to their content, one task an issue: it replaces the one about a former
 * content, and whoever has that in hand can no longer remove it. Wakes the workers once this transaction has committed.
 * The caller holds the keys' locks.
 */
export async function putTasks(transaction: Queries, tasks: readonly NewTask[]): Promise<void> {
  if (tasks.length === 0) return;
  await sql`
    with task as materialized (
      select * from json_to_recordset(${JSON.stringify(tasks)}::json)
        as task("repositoryId" bigint, number bigint, "contentHash" text, live boolean)),
    noted as (
      insert into ai_contents select "repositoryId", number, "contentHash" from task on conflict do nothing),
    waiting as (
      insert into ai_tasks as held (repository_id, number, content_hash, live)
      select "repositoryId", number, "contentHash", live from task
      on conflict (repository_id, number) do update set
        content_hash = excluded.content_hash, live = held.live or excluded.live, token = excluded.token, attempts = 0,
        due_at = excluded.due_at, leased_until = null, created_at = excluded.created_at)
    select pg_notify('tasks', '')`.execute(transaction);
}

/** Removes the tasks of issues that need no model any longer, in whose hand they may be. */
export async function dropTasks(transaction: Queries, keys: readonly IssueKey[]): Promise<void> {
  if (keys.length === 0) return;
  await sql`
    delete from ai_tasks t using json_to_recordset(${JSON.stringify(keys)}::json)
      as key("repositoryId" bigint, number bigint)
     where t.repository_id = key."repositoryId" and t.number = key.number`.execute(transaction);
}

/** A task in hand. The token is its holder's alone. */
export interface HeldTask extends IssueKey {
  readonly contentHash: string;
  readonly token: number;
  /** Calls for it that failed by the world's fault. */
  readonly attempts: number;
}

/**
 * Removes a task, by its own token only.
 * @returns whether it was still there under this token
 */
export async function endTask(
  transaction: Queries,
  { repositoryId, number, token }: HeldTask,
): Promise<boolean> {
  const { rows } = await sql`
    delete from ai_tasks where repository_id = ${repositoryId}::bigint and number = ${number}::bigint
       and token = ${token}::bigint
    returning token`.execute(transaction);
  return rows.length > 0;
}

/**
 * Gives a task back, by its own token only, to be claimed after a while. Once: a second time changes nothing.
 * @param attempts what it counts from now on
 */
export async function returnTask(
  transaction: Queries,
  { repositoryId, number, token }: HeldTask,
  dueInMs: number,
  attempts: number,
): Promise<void> {
  await sql`
    with returned as (
      update ai_tasks
         set leased_until = null, attempts = ${attempts}::integer,
             due_at = clock_timestamp() + ${dueInMs}::float8 * interval '1 millisecond'
       where repository_id = ${repositoryId}::bigint and number = ${number}::bigint and token = ${token}::bigint
         and leased_until is not null
      returning token)
    select pg_notify('tasks', '') from returned`.execute(transaction);
}

/** One call may answer any number of issues; more than these are woken by those that the first ones wake. */
const mostWoken = 500;

/**
 * Makes tasks about this text due that wait behind a call or a delay. Those that somebody is just working on are passed
 * over, so that this never waits for anybody.
 */
export async function wakeEqualTasks(
  transaction: Queries,
  { repositoryId, contentHash }: HeldTask,
): Promise<void> {
  await sql`
    with equal as (
      select repository_id, number from ai_tasks
       where repository_id = ${repositoryId}::bigint and content_hash = ${contentHash}
         and leased_until is null and due_at > now()
       limit ${mostWoken} for update skip locked),
    woken as (
      update ai_tasks t set due_at = now() from equal
       where t.repository_id = equal.repository_id and t.number = equal.number
      returning 1)
    select pg_notify('tasks', '') from woken limit 1`.execute(transaction);
}
