import { sql } from 'kysely';
import type { Queries } from './database.ts';

export interface FailureCounts {
  /** Tried again from their rows. */
  readonly failed: number;
  /** Given up. */
  readonly dead: number;
}

export async function countFailures(queries: Queries): Promise<FailureCounts> {
  const { rows } = await sql<FailureCounts>`
    select count(*) filter (where status = 'failed') as failed, count(*) filter (where status = 'dead') as dead
      from events where status in ('failed', 'dead')`.execute(queries);
  return rows[0] ?? { failed: 0, dead: 0 };
}
