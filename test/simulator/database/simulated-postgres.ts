import { readdirSync, readFileSync } from 'node:fs';
import { PGlite, types } from '@electric-sql/pglite';
import { PreparedStatements } from '../../../src/database/pglite/prepared-statements.ts';
import { ReadMemo } from './read-memo.ts';

const migrations = new URL('../../../src/database/migrations/', import.meta.url);
/** Beside the names of `pg_catalog` and found before them: time and randomness are the simulator's. */
const simulatedFunctions = `
  create schema simulated;
  set search_path = simulated, pg_catalog;
  create function clock_timestamp() returns timestamptz language sql stable as
    $$ select to_timestamp(current_setting('simulated.now')::float8 / 1000) $$;
  create function now() returns timestamptz language sql stable as $$ select clock_timestamp() $$;
  create sequence uuids;
  create function gen_random_uuid() returns uuid language sql volatile as
    $$ select ('00000000-0000-4000-8000-' || lpad(nextval('uuids')::text, 12, '0'))::uuid $$;
  -- The simulator delivers notifications itself.
  create function pg_notify(text, text) returns void language sql immutable as $$ select null::void $$;`;
const asksTime = /clock_timestamp|now\(/i;

interface Result {
  readonly rows: readonly Record<string, unknown>[];
  readonly affectedRows: number;
}

/**
 * An in-memory PostgreSQL that is used again from run to run. A run is one transaction that is rolled back in the
 * end; what the program takes for a transaction is a savepoint in it, and so is a backup: to put an older copy back is to
 * roll back to it. It is one session, so transactions take turns here; what needs several at once is tested on a served
 * PostgreSQL.
 */
export class SimulatedPostgres {
  readonly #pglite: PGlite;
  readonly #statements: PreparedStatements;
  readonly #tables: readonly string[];
  readonly #memo: ReadMemo;
  #now: () => number = () => 0;
  #toldTime = Number.NaN;
  #hasBackup = false;

  private constructor(pglite: PGlite, tables: readonly string[]) {
    this.#pglite = pglite;
    this.#statements = new PreparedStatements(pglite);
    this.#tables = tables;
    this.#memo = new ReadMemo(tables);
  }

  static async open(): Promise<SimulatedPostgres> {
    const pglite = await PGlite.create({
      // One kind of plan whatever ran before, so that rows come in the same order whatever ran before.
      startParams: [
        ...PGlite.defaultStartParams,
        ...['max_locks_per_transaction=1024', 'plan_cache_mode=force_generic_plan', 'autovacuum=off'].flatMap(
          (setting) => ['-c', setting],
        ),
      ],
      parsers: {
        [types.INT8]: Number,
        [types.BYTEA]: (text: string) => new Uint8Array(Buffer.from(text.slice(2), 'hex')),
      },
    });
    await pglite.exec(`set simulated.now = '0'; ${simulatedFunctions}`);
    const files = readdirSync(migrations).filter((name) => name.endsWith('.sql'));
    for (const name of files.sort()) await pglite.exec(readFileSync(new URL(name, migrations), 'utf8'));
    const found = await pglite.query<{ name: string }>(
      `select relname as name from pg_class
        where relkind = 'r' and relnamespace = 'simulated'::regnamespace`,
    );
    return new SimulatedPostgres(
      pglite,
      found.rows.map(({ name }) => name),
    );
  }

  /** Begins a run on an empty database. */
  async begin(now: () => number): Promise<void> {
    this.#now = now;
    this.#hasBackup = false;
    this.#toldTime = Number.NaN;
    this.#memo.clear();
    await this.#pglite.exec(
      `begin; truncate ${this.#tables.join(', ')} restart identity; select setval('uuids', 1); insert into pairing default values;
       savepoint empty`,
    );
  }

  /** Takes the copy that `putBack` puts back. Outside any transaction of the program, as the two below. */
  async backUp(): Promise<void> {
    await this.savepoint('backup');
    this.#hasBackup = true;
  }

  /** False without a copy: it went with the database. */
  async putBack(): Promise<boolean> {
    if (this.#hasBackup) await this.rollBackTo('backup');
    return this.#hasBackup;
  }

  /** Leaves a new, empty database, with an id of its own. */
  async drop(): Promise<void> {
    this.#hasBackup = false;
    await this.rollBackTo('empty');
    await this.query('update pairing set database_id = gen_random_uuid(), feed_id = gen_random_uuid()');
  }

  /** Forgets everything that the run did. */
  async end(): Promise<void> {
    await this.#pglite.exec('rollback');
  }

  async close(): Promise<void> {
    await this.#pglite.close();
  }

  async query(sql: string, values: readonly unknown[] = []): Promise<Result> {
    const known = this.#memo.find(sql, values);
    if (known) return { rows: known, affectedRows: known.length };
    if (asksTime.test(sql) && this.#toldTime !== this.#now()) {
      this.#toldTime = this.#now();
      await this.#statements.query("select set_config('simulated.now', $1, false)", [this.#toldTime]);
    }
    const { rows, affectedRows } = await this.#run(sql, values);
    this.#memo.note(sql, values, rows);
    return { rows, affectedRows: affectedRows ?? 0 };
  }

  async #run(sql: string, values: readonly unknown[]) {
    try {
      return await this.#statements.query(sql, values);
    } catch (error) {
      // Until it is rolled back to a savepoint, nothing is answered any more.
      this.#memo.clear();
      throw error;
    }
  }

  async savepoint(name: string): Promise<void> {
    await this.#statements.query(`savepoint ${name}`, []);
  }

  async release(name: string): Promise<void> {
    await this.#statements.query(`release savepoint ${name}`, []);
  }

  async rollBackTo(name: string): Promise<void> {
    await this.#statements.query(`rollback to savepoint ${name}`, []);
    this.#memo.clear();
    // The setting was rolled back with everything else.
    this.#toldTime = Number.NaN;
  }
}
