import { sql } from 'kysely';
import type { Queries } from './database.ts';

/** A call to the model that its holder alone may make. */
export interface HeldCall {
  readonly cacheKey: string;
  readonly token: number;
  /** How often it was begun without a known outcome, this time included. */
  readonly begun: number;
}

/**
 * Begins calls about these texts, each unless somebody else's lease of it still runs, by the database's clock. In one
 * order for everybody, so that two that want the same texts wait instead of deadlocking.
 */
export async function beginCalls(
  transaction: Queries,
  cacheKeys: readonly string[],
  leaseMs: number,
): Promise<readonly HeldCall[]> {
  if (cacheKeys.length === 0) return [];
  const { rows } = await sql<HeldCall>`
    insert into ai_calls as call (cache_key, leased_until, begun)
    select key, clock_timestamp() + ${leaseMs}::float8 * interval '1 millisecond', 1
      from (select distinct key from json_array_elements_text(${JSON.stringify(cacheKeys)}::json) as key) wanted
     order by key
    on conflict (cache_key) do update set
      token = excluded.token, leased_until = excluded.leased_until, begun = call.begun + 1
     where call.leased_until <= clock_timestamp()
    returning cache_key as "cacheKey", token, begun`.execute(transaction);
  return rows;
}

/** Of calls in hand, the texts that nobody has answered meanwhile; those of calls that are no longer there are none. */
export async function readOpenCalls(
  queries: Queries,
  calls: readonly HeldCall[],
): Promise<ReadonlySet<string>> {
  const { rows } = await sql<{ cacheKey: string }>`
    select c.cache_key as "cacheKey" from ai_calls c
      join json_to_recordset(${JSON.stringify(calls)}::json) as held("cacheKey" text, token bigint)
        on c.cache_key = held."cacheKey" and c.token = held.token
     where not exists (select from ai_answers a where a.cache_key = c.cache_key)`.execute(queries);
  return new Set(rows.map(({ cacheKey }) => cacheKey));
}

/** What is remembered of a call that gave no answer. */
export type CallEnd =
  /** The model said no, or could not: it is not known to be paid. */
  | 'failed'
  | 'refused'
  /** It was never made. */
  | 'unasked'
  /** Given up while it was under way: it may have been paid. */
  | 'unknown';

/** Whether a call in hand is still nobody else's: its lease was not taken over, and the database is the one it began in. */
export async function holdsCall(queries: Queries, call: HeldCall): Promise<boolean> {
  return (await selectHeld(queries, call).executeTakeFirst()) !== undefined;
}

/** How often the model refused the text of a call in hand; null when the call is somebody else's by now. */
export async function readRefusals(queries: Queries, call: HeldCall): Promise<number | null> {
  return (await selectHeld(queries, call).executeTakeFirst())?.refusals ?? null;
}

const selectHeld = (queries: Queries, { cacheKey, token }: HeldCall) =>
  queries
    .selectFrom('ai_calls')
    .select('refusals')
    .where('cache_key', '=', cacheKey)
    .where('token', '=', token);

/**
 * Ends a call without an answer, by its own token only, which nobody has then: one that is ended again, since the answer
 * of the commit was lost, counts once. Of one that failed there is nothing to remember.
 */
export async function endCall(
  transaction: Queries,
  { cacheKey, token }: HeldCall,
  end: CallEnd,
): Promise<void> {
  const held = sql`cache_key = ${cacheKey} and token = ${token}::bigint`;
  await sql`
    with forgotten as (
      delete from ai_calls where ${held} and ${end} = 'failed' and refusals = 0)
    update ai_calls
       set token = nextval('ai_tokens'), leased_until = clock_timestamp(),
           begun = case ${end} when 'unknown' then begun when 'unasked' then begun - 1 else 0 end,
           refusals = refusals + case when ${end} = 'refused' then 1 else 0 end
     where ${held} and (${end} <> 'failed' or refusals > 0)`.execute(transaction);
}

/** Forgets calls whose answers are stored, by their own tokens only. */
export async function forgetCalls(transaction: Queries, calls: readonly HeldCall[]): Promise<void> {
  if (calls.length === 0) return;
  await sql`
    delete from ai_calls c using json_to_recordset(${JSON.stringify(calls)}::json) as held("cacheKey" text, token bigint)
     where c.cache_key = held."cacheKey" and c.token = held.token`.execute(transaction);
}

const rememberedDays = 30;

/** Forgets calls without an answer that nobody has begun again for long: refusals, and texts that are gone. */
export async function pruneCalls(queries: Queries): Promise<void> {
  await sql`delete from ai_calls where leased_until < now() - ${rememberedDays}::integer * interval '1 day'`.execute(
    queries,
  );
}
