import { sql } from 'kysely';
import type { Database, Queries } from './database.ts';

export interface LeaseRequest {
  readonly name: string;
  /** Who holds it: for people, and nothing depends on it. */
  readonly holder: string;
  readonly termMs: number;
}

export type LeaseOutcome =
  | {
      readonly kind: 'granted';
      /** Larger than every earlier grant's. To be checked in every transaction made under the lease. */
      readonly token: number;
    }
  | {
      readonly kind: 'held';
      readonly by: string;
      /** Until it expires unless it is renewed, by the database's clock. */
      readonly remainingMs: number;
    };

/**
 * Asks for a lease. It is granted when nobody holds it or its term is over, by the database's clock. Tokens are
 * that clock's microseconds: counted from 1, they would begin again in a new database, where a holder of before could
 * have the same one.
 */
export async function acquireLease(database: Database, request: LeaseRequest): Promise<LeaseOutcome> {
  const { rows } = await sql<{ token: number | null; by: string | null; remaining_ms: number | null }>`
    with granted as (
      insert into leases as lease (name, holder, token, expires_at)
      values (${request.name}, ${request.holder}, (extract(epoch from clock_timestamp()) * 1000000)::bigint,
              ${afterTerm(request.termMs)})
      on conflict (name) do update
        set holder = excluded.holder, token = greatest(lease.token + 1, excluded.token), expires_at = excluded.expires_at
        where lease.expires_at <= clock_timestamp()
      returning token
    )
    select granted.token, held.holder as by,
      greatest(0, extract(epoch from held.expires_at - clock_timestamp()) * 1000)::float8 as remaining_ms
    from (select 1) as one
    left join granted on true
    left join leases as held on held.name = ${request.name}`.execute(database.queries);
  const row = rows[0];
  if (row?.token != null) return { kind: 'granted', token: row.token };
  return { kind: 'held', by: row?.by ?? 'another process', remainingMs: row?.remaining_ms ?? 0 };
}

export interface HeldLease {
  readonly name: string;
  readonly token: number;
}

/** Begins the term anew. `lost` when somebody else was granted the lease since. */
export async function renewLease(
  database: Database,
  lease: HeldLease & { readonly termMs: number },
): Promise<'renewed' | 'lost'> {
  const { numUpdatedRows } = await database.queries
    .updateTable('leases')
    .set({ expires_at: afterTerm(lease.termMs) })
    .where('name', '=', lease.name)
    .where('token', '=', lease.token)
    .executeTakeFirst();
  return numUpdatedRows === 1n ? 'renewed' : 'lost';
}

/** Ends the term now, so that the next one need not wait for it. The row stays: tokens only grow. */
export async function releaseLease(database: Database, lease: HeldLease): Promise<void> {
  await database.queries
    .updateTable('leases')
    .set({ expires_at: sql<Date>`clock_timestamp()` })
    .where('name', '=', lease.name)
    .where('token', '=', lease.token)
    .execute();
}

/**
 * Ends all terms. For the start of an embedded database: whoever held a lease there is dead, since nobody else can
 * have it open.
 */
export async function expireLeases(database: Database): Promise<void> {
  await database.queries
    .updateTable('leases')
    .set({ expires_at: sql<Date>`clock_timestamp()` })
    .where('expires_at', '>', sql<Date>`clock_timestamp()`)
    .execute();
}

/**
 * Whether the lease is still the one of this token, and keeps it so until the transaction ends (a grant to somebody
 * else waits for the row). A term that is over while nobody took the lease harms nobody.
 */
export async function checkLease(transaction: Queries, lease: HeldLease): Promise<'held' | 'lost'> {
  const row = await transaction
    .selectFrom('leases')
    .select('token')
    .where('name', '=', lease.name)
    .where('token', '=', lease.token)
    .forShare()
    .executeTakeFirst();
  return row === undefined ? 'lost' : 'held';
}

const afterTerm = (termMs: number) =>
  sql<Date>`clock_timestamp() + ${termMs}::float8 * interval '1 millisecond'`;
