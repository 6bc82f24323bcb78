import { sql } from 'kysely';
import { describe, expect, it } from 'vitest';
import { migrate } from '../migrate.ts';
import type { DatabaseHarness } from './harness.ts';

export function describeMigrations(harness: DatabaseHarness): void {
  describe('migrations', () => {
    it('are done once when several services start at once, and again change nothing', async () => {
      await using opened = await harness.open('empty');
      const { database } = opened;
      const outcomes = await Promise.all([migrate(database), migrate(database), migrate(database)]);
      const applied = outcomes.flatMap((outcome) => (outcome.kind === 'migrated' ? outcome.applied : []));
      expect(outcomes.map(({ kind }) => kind)).toEqual(['migrated', 'migrated', 'migrated']);
      expect(applied).toContain('0001-core');
      expect(new Set(applied).size).toBe(applied.length);
      const before = await database.queries.selectFrom('pairing').selectAll().execute();
      expect(await migrate(database)).toEqual({ kind: 'migrated', applied: [] });
      expect(await database.queries.selectFrom('pairing').selectAll().execute()).toEqual(before);
      expect(before).toHaveLength(1);
    });

    it('refuse a database that is newer than the program, and leave it alone', async () => {
      await using opened = await harness.open('migrated');
      const { database } = opened;
      await sql`insert into schema_migrations (name) values ('9999-from-the-future')`.execute(
        database.queries,
      );
      expect(await migrate(database)).toMatchObject({ kind: 'newer', unknown: ['9999-from-the-future'] });
    });
  });
}
