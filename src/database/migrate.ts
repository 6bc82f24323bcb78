import { readdir, readFile } from 'node:fs/promises';
import { sql } from 'kysely';
import type { Database } from './database.ts';

export type MigrateOutcome =
  /** The schema is this program's; `applied` names what was missing, in order. */
  | { readonly kind: 'migrated'; readonly applied: readonly string[] }
  /** A later version of the program has been here; nothing was changed. */
  | { readonly kind: 'newer'; readonly unknown: readonly string[]; readonly message: string };

const directory = new URL('./migrations/', import.meta.url);

/**
 * Brings the schema up to date from the `.sql` files beside this one: all that are missing, by name, in one
 * transaction. Several services may start at once: the first one works, the others wait for its lock.
 */
export async function migrate(database: Database): Promise<MigrateOutcome> {
  const migrations = await readMigrations();
  return await database.transaction(async (transaction) => {
    // The others wait for the first one's whole work, which is longer than anybody else may wait for a lock.
    await sql`select set_config('lock_timeout', '25s', true)`.execute(transaction);
    await sql`select pg_advisory_xact_lock(hashtextextended('dispatchai migrations ' || current_schema(), 0))`.execute(
      transaction,
    );
    await sql`create table if not exists schema_migrations (
      name       text primary key,
      applied_at timestamptz not null default now()
    )`.execute(transaction);
    const { rows } = await sql<{ name: string }>`select name from schema_migrations`.execute(transaction);
    const done = new Set(rows.map((row) => row.name));
    const unknown = [...done].filter((name) => !migrations.has(name)).sort();
    if (unknown.length > 0) {
      const message = `The database is newer than this program (it has ${unknown.join(', ')}): run the newer one.`;
      return { kind: 'newer', unknown, message };
    }
    const missing = [...migrations.keys()].filter((name) => !done.has(name));
    for (const name of missing) {
      await sql.raw(migrations.get(name) ?? '').execute(transaction);
    }
    await sql`insert into schema_migrations (name) select json_array_elements_text(${JSON.stringify(missing)}::json)`.execute(
      transaction,
    );
    return { kind: 'migrated', applied: missing };
  });
}

/** Texts by name, in the order of the names. */
async function readMigrations(): Promise<ReadonlyMap<string, string>> {
  const names = (await readdir(directory)).filter((name) => name.endsWith('.sql')).sort();
  const texts = await Promise.all(names.map((name) => readFile(new URL(name, directory), 'utf8')));
  return new Map(names.map((name, index) => [name.slice(0, -'.sql'.length), texts[index] ?? '']));
}
