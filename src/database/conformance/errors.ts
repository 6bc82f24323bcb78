import { sql } from 'kysely';
import { describe, expect, it } from 'vitest';
import { classifyDatabaseError } from '../database-error.ts';
import type { Shared } from './harness.ts';

export function describeErrors(shared: Shared): void {
  describe('errors', () => {
    const failing = {
      'a value out of range': sql`select 70000::smallint`,
      'a division by zero': sql`select 1 / 0`,
      'a broken check': sql`insert into pairing (only_row) values (false)`,
      'a repeated key': sql`insert into pairing default values`,
      'a missing table': sql`select from no_such_table`,
    };

    it.each(Object.entries(failing))('%s is the statement’s fault', async (_name, statement) => {
      const error = await statement.execute(shared().queries).catch((caught: unknown) => caught);
      expect(error).toMatchObject({ code: expect.stringMatching(/^[0-9A-Z]{5}$/) });
      expect(classifyDatabaseError(error)).toBe('statement');
    });

    it.each(['40001', '40P01', '55P03', '53100', '53300', '57P01', '08006'])(
      '%s is the world’s fault',
      async (code) => {
        // Raised by the server, so that it takes the driver's own way.
        const raise = sql.raw(`do $$ begin raise exception 'as asked' using errcode = '${code}'; end $$`);
        const error = await raise.execute(shared().queries).catch((caught: unknown) => caught);
        expect(error).toMatchObject({ code, message: 'as asked' });
        expect(classifyDatabaseError(error)).toBe('world');
      },
    );

    it('name the constraint and the table', async () => {
      await expect(sql`insert into pairing default values`.execute(shared().queries)).rejects.toMatchObject({
        code: '23505',
        constraint: 'pairing_pkey',
        table: 'pairing',
      });
    });
  });
}
