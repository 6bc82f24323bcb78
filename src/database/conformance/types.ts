import { sql } from 'kysely';
import { describe, expect, it } from 'vitest';
import { storableText } from '../../domain/storable-text.ts';
import type { Shared } from './harness.ts';

export function describeTypes(shared: Shared): void {
  describe('values', () => {
    it('are read as the tables say: int8 number, timestamptz Date, jsonb parsed, bytea bytes', async () => {
      const { rows } = await sql`
        select 9007199254740991::bigint as big, (-3)::bigint as negative, count(*) as counted, 2.5::float8 as float,
          '2026-01-02T03:04:05.678+02:00'::timestamptz as instant, '{"a": [1, null, "é"]}'::jsonb as document,
          '[1]'::json as list, decode('AP8Q', 'base64') as bytes, true as flag, null::text as nothing,
          array['a', 'b"c'] as texts, '00000000-0000-4000-8000-000000000000'::uuid as id
        from generate_series(1, 3)`.execute(shared().queries);
      expect(rows[0]).toMatchObject({
        big: Number.MAX_SAFE_INTEGER,
        negative: -3,
        counted: 3,
        float: 2.5,
        instant: new Date('2026-01-02T01:04:05.678Z'),
        document: { a: [1, null, 'é'] },
        list: [1],
        flag: true,
        nothing: null,
        texts: ['a', 'b"c'],
        id: '00000000-0000-4000-8000-000000000000',
      });
      const { bytes } = rows[0] as { bytes: Uint8Array };
      expect(bytes).toBeInstanceOf(Uint8Array);
      expect([...bytes]).toEqual([0, 255, 16]);
    });

    it('are written from strings, numbers, booleans, dates, bytes, JSON text and null', async () => {
      const bytes = Uint8Array.from({ length: 256 }, (_, index) => index);
      const instant = new Date('2026-05-06T07:08:09.012Z');
      const { rows } = await sql`
        select ${"it's; -- $1 \\ é"}::text as text, ${2 ** 52}::bigint as big, ${false}::boolean as flag,
          ${instant}::timestamptz as instant, ${bytes}::bytea as bytes, ${'{"a":1}'}::jsonb as document,
          ${null}::text as nothing`.execute(shared().queries);
      expect(rows[0]).toMatchObject({
        text: "it's; -- $1 \\ é",
        big: 2 ** 52,
        flag: false,
        instant,
        document: { a: 1 },
        nothing: null,
      });
      expect(Buffer.from((rows[0] as { bytes: Uint8Array }).bytes).equals(bytes)).toBe(true);
    });

    it('come in batches: 500 rows with 2 KB of bytes each from one JSON parameter', async () => {
      const payload = Buffer.alloc(2_000, 'aé').toString('base64');
      const batch = Array.from({ length: 500 }, (_, n) => ({ n, text: `row ${n}`, payload }));
      const { rows } = await sql<{ rows: number; bytes: number; total: number }>`
        select count(*) as rows, sum(length(decode(payload, 'base64')))::bigint as bytes, sum(n)::bigint as total
        from json_to_recordset(${JSON.stringify(batch)}::json) as row(n bigint, text text, payload text)`.execute(
        shared().queries,
      );
      expect(rows[0]).toEqual({ rows: 500, bytes: 1_000_000, total: 124_750 });
    });

    it('refuse NUL in text and jsonb, and take it once replaced', async () => {
      const { queries } = shared();
      const hostile = 'a\u0000b\uD800c';
      await expect(sql`select ${hostile}::text`.execute(queries)).rejects.toMatchObject({ code: '22021' });
      await expect(sql`select ${'{"a":"\\u0000"}'}::jsonb`.execute(queries)).rejects.toMatchObject({
        code: '22P05',
      });
      const stored = storableText(hostile);
      const { rows } = await sql`
        select ${stored}::text as text, ${JSON.stringify({ stored })}::jsonb as document`.execute(queries);
      expect(rows[0]).toEqual({ text: stored, document: { stored } });
    });

    it('measure the distance of vectors where pgvector is there', async ({ skip }) => {
      const { queries } = shared();
      const found = await sql`select from pg_extension where extname = 'vector'`.execute(queries);
      skip(found.rows.length === 0, 'pgvector is not installed');
      const { rows } = await sql`select '[1,2,2]'::vector <-> '[1,0,2]'::vector as distance`.execute(queries);
      expect(rows[0]).toEqual({ distance: 2 });
    });

    it('say how many rows a statement touched', async () => {
      const { queries } = shared();
      const values = ['a', 'b', 'c'].map((key) => ({ topic: 'counted', key, version: 1 }));
      const inserted = await queries.insertInto('outbox').values(values).executeTakeFirst();
      const deleted = await queries.deleteFrom('outbox').where('topic', '=', 'counted').executeTakeFirst();
      expect([inserted.numInsertedOrUpdatedRows, deleted.numDeletedRows]).toEqual([3n, 3n]);
    });
  });
}
