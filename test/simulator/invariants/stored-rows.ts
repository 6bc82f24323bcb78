import type { SimulatedPostgres } from '../database/simulated-postgres.ts';

export interface EventRow {
  readonly delivery_id: string;
  readonly key: string | null;
  readonly status: string;
  readonly reason: string | null;
  readonly received_at: number;
}

export interface IssueRow {
  readonly key: string;
  readonly version: number;
  readonly state: Record<string, unknown>;
  readonly content_hash: string;
  readonly answered: string | null;
  readonly corrections: Record<string, unknown>;
}

export interface LedgerRow {
  readonly key: string;
  readonly version: number;
  readonly deleted_at: number;
  readonly state_updated_at: number | null;
  readonly reason: string;
}

/** What the database holds in the end, as far as the invariants speak of it. */
export interface StoredRows {
  readonly events: readonly EventRow[];
  readonly issues: ReadonlyMap<string, IssueRow>;
  readonly ledger: ReadonlyMap<string, LedgerRow>;
  readonly corrections: ReadonlyMap<string, Record<string, unknown>>;
}

const ms = (column: string) => `(extract(epoch from ${column}) * 1000)::float8`;

export async function readStoredRows(postgres: SimulatedPostgres): Promise<StoredRows> {
  const all = async <Row>(sql: string) => (await postgres.query(sql)).rows as unknown as readonly Row[];
  const events = await all<EventRow>(
    `select delivery_id, repository_id || '#' || number as key, status, reason, ${ms('received_at')} as received_at
       from events order by delivery_id`,
  );
  const issues = await all<IssueRow>(
    `select i.repository_id || '#' || i.number as key, i.version, i.content_hash, c.content_hash as answered,
            to_jsonb(i) as state,
            (select coalesce(jsonb_object_agg(field, value), '{}') from corrections x
              where x.repository_id = i.repository_id and x.number = i.number) as corrections
       from issues i left join classifications c using (repository_id, number) order by 1`,
  );
  const ledger = await all<LedgerRow>(
    `select repository_id || '#' || number as key, version, ${ms('deleted_at')} as deleted_at,
            ${ms('state_updated_at')} as state_updated_at, reason
       from deletions order by 1`,
  );
  const corrections = await all<{ key: string; fields: Record<string, unknown> }>(
    `select repository_id || '#' || number as key, jsonb_object_agg(field, value) as fields
       from corrections group by repository_id, number order by 1`,
  );
  return {
    events,
    issues: new Map(issues.map((row) => [row.key, row])),
    ledger: new Map(ledger.map((row) => [row.key, row])),
    corrections: new Map(corrections.map(({ key, fields }) => [key, fields])),
  };
}
