import { sql } from 'kysely';
import type { Queries } from './database.ts';

export interface ServerFacts {
  /** `18.1`. */
  readonly version: string;
  /** Of pgvector in the database; null without it. */
  readonly vectorVersion: string | null;
  /** Whether the server has pgvector, so that a start puts it into the database. */
  readonly vectorAvailable: boolean;
  /** By the server's clock, milliseconds since 1970. */
  readonly now: number;
  readonly maxConnections: number;
  /** Migrations done in this schema; null before the first. */
  readonly migrations: number | null;
}

/** What a served PostgreSQL says about itself. */
export async function readServerFacts(queries: Queries, schema: string): Promise<ServerFacts> {
  const { rows } = await sql<Omit<ServerFacts, 'migrations'> & { readonly migrated: boolean }>`
    select split_part(current_setting('server_version'), ' ', 1) as version,
           (select extversion from pg_extension where extname = 'vector') as "vectorVersion",
           exists (select from pg_available_extensions where name = 'vector') as "vectorAvailable",
           (extract(epoch from clock_timestamp()) * 1000)::float8 as now,
           current_setting('max_connections')::integer as "maxConnections",
           to_regclass(format('%I.schema_migrations', ${schema}::text)) is not null as migrated`.execute(
    queries,
  );
  const [row] = rows;
  if (!row) throw new Error('the server says nothing about itself');
  const { migrated, ...facts } = row;
  return { ...facts, migrations: migrated ? await countMigrations(queries, schema) : null };
}

async function countMigrations(queries: Queries, schema: string): Promise<number> {
  const { rows } = await sql<{
    done: number;
  }>`select count(*) as done from ${sql.id(schema, 'schema_migrations')}`.execute(queries);
  return rows[0]?.done ?? 0;
}
