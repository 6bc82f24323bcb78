import { sql } from 'kysely';
import type { HeldTask } from './ai-tasks.ts';
import type { Queries } from './database.ts';

export interface TaskRequest {
  /** Live ones, or those of imports. */
  readonly live: boolean;
  readonly limit: number;
  readonly leaseMs: number;
  /** Only repositories behind this id have their turn; null: all. */
  readonly after: number | null;
}

export interface TakenTasks {
  readonly tasks: readonly HeldTask[];
  /** The last repository that was looked at, for the next request; null when no further one waits. */
  readonly next: number | null;
}

/** Of one request; the next one goes on behind them. So it costs the same however many repositories wait. */
const repositoriesAtOnce = 64;

/**
 * Takes due tasks into hand for a lease, on the database's clock: of each repository in turn its longest waiting one, then
 * the second ones, so that none starves another. Tasks that others are taking are passed over. Looks at a few index
 * entries a repository, however many tasks wait.
 */
export async function takeTasks(transaction: Queries, request: TaskRequest): Promise<TakenTasks> {
  const { live, limit, leaseMs, after } = request;
  // Others may be taking the first ones at this moment.
  const candidates = limit * 2;
  const { rows } = await sql<{ looked: number; last: number | null; task: HeldTask | null }>`
    with recursive repositories as (
      (select repository_id, due_at, 1 as turn from ai_tasks
        where live = ${live} and repository_id > ${after ?? Number.MIN_SAFE_INTEGER}::bigint
        order by repository_id, due_at limit 1)
      union all
      select next.repository_id, next.due_at, r.turn + 1
        from repositories r cross join lateral (
          select repository_id, due_at from ai_tasks
           where live = ${live} and repository_id > r.repository_id
           order by repository_id, due_at limit 1) next
       where r.turn < ${repositoriesAtOnce}),
    candidates as materialized (
      select due.* from repositories r cross join lateral (
          select repository_id, number, due_at, row_number() over (order by due_at, number) as place from ai_tasks
           where live = ${live} and repository_id = r.repository_id and due_at <= now()
           order by due_at, number limit ${candidates}) due
       where r.due_at <= now()
       order by place, due_at limit ${candidates}),
    taken as (
      select t.repository_id, t.number, c.place, c.due_at from candidates c join ai_tasks t using (repository_id, number)
       where t.due_at <= now()
       order by c.place, c.due_at limit ${limit}
         for update of t skip locked),
    leased as (
      update ai_tasks t
         set token = nextval('ai_tokens'), due_at = lease.until, leased_until = lease.until
        from taken, (select clock_timestamp() + ${leaseMs}::float8 * interval '1 millisecond' as until) lease
       where t.repository_id = taken.repository_id and t.number = taken.number
      returning t.*, taken.place, taken.due_at as since)
    select looked.looked, looked.last, case when leased.token is not null then json_build_object(
             'repositoryId', leased.repository_id, 'number', leased.number, 'contentHash', leased.content_hash,
             'token', leased.token, 'attempts', leased.attempts) end as task
      from (select count(*) as looked, max(repository_id) as last from repositories) looked
      left join leased on true
     order by leased.place, leased.since`.execute(transaction);
  const [first] = rows;
  return {
    tasks: rows.flatMap(({ task }) => (task ? [task] : [])),
    next: first && first.looked >= repositoriesAtOnce ? first.last : null,
  };
}

/** What a model needs to answer, as the database has it under a task that was just taken. */
export interface TaskContent {
  readonly repository: string;
  readonly title: string;
  readonly body: string;
}

export interface TaskFacts {
  /** Of the task's text; null when no issue has it any longer. */
  readonly content: TaskContent | null;
  readonly answered: boolean;
  /** How often the model refused the text. */
  readonly refusals: number;
}

/** Reads what is known about tasks in hand, in their order. */
export async function readTaskFacts(
  transaction: Queries,
  tasks: readonly (HeldTask & { readonly cacheKey: string })[],
): Promise<readonly TaskFacts[]> {
  const rows = tasks.map(({ repositoryId, number, contentHash, cacheKey }, place) => ({
    ...{ repositoryId, number, contentHash, cacheKey, place },
  }));
  const result = await sql<TaskFacts>`
    select case when i.title is not null then json_build_object(
             'repository', i.repository, 'title', i.title, 'body', coalesce(i.body, '')) end as content,
           exists (select from ai_answers where cache_key = task."cacheKey") as answered,
           coalesce((select refusals from ai_calls where cache_key = task."cacheKey"), 0) as refusals
      from json_to_recordset(${JSON.stringify(rows)}::json) as task(
        "repositoryId" bigint, number bigint, "contentHash" text, "cacheKey" text, place integer)
      left join lateral (
        select repository, title, body from issues
         where repository_id = task."repositoryId" and number = task.number and content_hash = task."contentHash"
        offset 0) i on true
     order by task.place`.execute(transaction);
  return result.rows;
}

/** Puts tasks down that wait for somebody else's call: due with the end of the lease, or when they are woken. */
export async function parkTasks(transaction: Queries, tasks: readonly HeldTask[]): Promise<void> {
  if (tasks.length === 0) return;
  await sql`
    update ai_tasks t set leased_until = null
      from json_to_recordset(${JSON.stringify(tasks)}::json) as held("repositoryId" bigint, number bigint, token bigint)
     where t.repository_id = held."repositoryId" and t.number = held.number and t.token = held.token`.execute(
    transaction,
  );
}
