import { fork } from 'node:child_process';
import { once } from 'node:events';
import { sql } from 'kysely';
import { describe, expect, inject, it } from 'vitest';
import { systemClock } from '../../effects/clock.ts';
import { silent } from '../../effects/silent.fixture.ts';
import { migrate } from '../migrate.ts';
import { readServerFacts } from '../server-facts.ts';
import { openPostgres } from './open-postgres.ts';
import { openServedScratch } from './served-scratch.fixture.ts';

const openSchema = (url: string, schema: string, asItIs = false) =>
  openPostgres({
    url,
    schema,
    asItIs,
    connections: 2,
    applicationName: 'dispatchai schemas',
    clock: systemClock,
    logger: silent,
  });

describe('schemas', { timeout: 60_000 }, () => {
  it('are made once when several processes start at once', async () => {
    await using scratch = await openServedScratch(inject('databaseUrl'), { contents: 'empty' });
    const program = new URL('./start-with-schema.fixture.ts', import.meta.url);
    const processes = ['a', 'b', 'a', 'b'].map((schema) => fork(program, [scratch.url, schema]));
    const exits = await Promise.all(processes.map((child) => once(child, 'exit')));
    expect(exits.map(([code]) => code)).toEqual([0, 0, 0, 0]);
    const { rows } = await sql`
      select table_schema as schema from information_schema.tables where table_name = 'outbox' order by 1`.execute(
      scratch.database.queries,
    );
    expect(rows).toEqual([{ schema: 'a' }, { schema: 'b' }]);
  });

  it('are not made by somebody who only looks', async () => {
    await using scratch = await openServedScratch(inject('databaseUrl'));
    const looking = await openSchema(scratch.url, 'dispatchai_not_there', true);
    try {
      const facts = await readServerFacts(looking.queries, 'dispatchai_not_there');
      expect(facts.migrations).toBeNull();
      expect((await readServerFacts(looking.queries, 'public')).migrations).toBeGreaterThan(0);
    } finally {
      await looking.close();
    }
    const { rows } = await sql`select from pg_namespace where nspname = 'dispatchai_not_there'`.execute(
      scratch.database.queries,
    );
    expect(rows).toEqual([]);
  });

  it('keep their rows apart, and one is dropped without taking pgvector from the others', async ({
    skip,
  }) => {
    await using scratch = await openServedScratch(inject('databaseUrl'));
    const branch = await openSchema(scratch.url, 'dispatchai_feature_x');
    try {
      await migrate(branch);
      const owed = { topic: 'issues.enriched', key: '1#1', version: 1 };
      await branch.queries.insertInto('outbox').values(owed).execute();
      expect(await scratch.database.queries.selectFrom('outbox').selectAll().execute()).toEqual([]);
      expect(await branch.queries.selectFrom('outbox').selectAll().execute()).toEqual([owed]);
      skip(!branch.vectors, 'pgvector is not installed');
      await sql`create table vectors (v vector(3))`.execute(branch.queries);
      await sql`create table vectors (v vector(3))`.execute(scratch.database.queries);
      await sql`insert into vectors values ('[1,2,3]')`.execute(scratch.database.queries);
      await sql`drop schema dispatchai_feature_x cascade`.execute(scratch.database.queries);
      const { rows } = await sql`select v <-> '[1,2,3]' as distance from vectors`.execute(
        scratch.database.queries,
      );
      expect(rows).toEqual([{ distance: 0 }]);
    } finally {
      await branch.close();
    }
  });

  it('find pgvector in whichever schema somebody put it', async ({ skip }) => {
    await using scratch = await openServedScratch(inject('databaseUrl'), { contents: 'empty' });
    skip(!scratch.database.vectors, 'pgvector is not installed');
    await sql.raw('drop extension vector; create schema extensions').execute(scratch.database.queries);
    await sql`create extension vector with schema extensions`.execute(scratch.database.queries);
    const database = await openSchema(scratch.url, 'public');
    try {
      expect(database.vectors).toBe(true);
      const { rows } = await sql`select '[1]'::vector <-> '[3]'::vector as distance`.execute(
        database.queries,
      );
      expect(rows).toEqual([{ distance: 2 }]);
    } finally {
      await database.close();
    }
  });

  it('start every session with the settings that the services rely on', async () => {
    await using scratch = await openServedScratch(inject('databaseUrl'), { schema: 'odd_name' });
    const { rows } = await sql<{ name: string; setting: string }>`
      select name, setting from pg_settings where name = any(array['search_path', 'default_transaction_isolation',
        'idle_in_transaction_session_timeout', 'lock_timeout', 'TimeZone', 'application_name', 'client_encoding'])
       order by name`.execute(scratch.database.queries);
    expect(Object.fromEntries(rows.map(({ name, setting }) => [name, setting]))).toEqual({
      application_name: 'dispatchai test',
      client_encoding: 'UTF8',
      default_transaction_isolation: 'read committed',
      idle_in_transaction_session_timeout: '10000',
      lock_timeout: '5000',
      search_path: '"odd_name","public"',
      TimeZone: 'UTC',
    });
  });
});
