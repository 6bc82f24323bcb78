import { sql } from 'kysely';
import type { Queries } from './database.ts';

export interface LeaseHolder {
  readonly name: string;
  /** Null when the lease is free. */
  readonly holder: string | null;
}

/** Who holds each lease now, by the database's clock. */
export async function readLeaseHolders(queries: Queries): Promise<readonly LeaseHolder[]> {
  const { rows } = await sql<LeaseHolder>`
    select name, case when expires_at > clock_timestamp() then holder end as holder
      from leases order by name`.execute(queries);
  return rows;
}
