import { sql } from 'kysely';
import type { Queries } from '../../database/database.ts';
import { type MovedTable, movedTableNames, movedTables } from './moved-tables.ts';

/** Rows of one statement: at most so many, and so many bytes of wide columns; one row always fits. */
const pageRows = 500;
const pageBytes = 4_000_000;

/** Columns that are written, by table: all but identities, which the target draws itself. */
export type Columns = Readonly<Record<string, readonly string[]>>;

export async function readColumns(queries: Queries): Promise<Columns> {
  const { rows } = await sql<{ table: string; columns: readonly string[] }>`
    select table_name as table, json_agg(column_name order by ordinal_position) as columns
      from information_schema.columns
     where table_schema = current_schema() and is_identity = 'NO' and is_generated = 'NEVER'
       and table_name in (select json_array_elements_text(${JSON.stringify(movedTableNames)}::json))
     group by table_name`.execute(queries);
  return Object.fromEntries(rows.map(({ table, columns }) => [table, columns]));
}

/** How much smaller the offset of a record is on the target than it was on the source. */
export interface OffsetShift {
  readonly topic: string;
  readonly partition: number;
  readonly by: number;
}

export interface CopyTable {
  readonly from: Queries;
  readonly to: Queries;
  readonly columns: Columns;
  readonly shifts: readonly OffsetShift[];
  readonly onCopied: (rows: number) => void;
  readonly signal: AbortSignal;
}

/** Copies a table page by page, in the order of its key. Values pass through as text that nobody interprets. */
export async function copyTable(copy: CopyTable, table: MovedTable): Promise<number> {
  let copied = 0;
  let after: string | null = null;
  do {
    const page: Page = await readPage(copy.from, table, after);
    if (page.rows === null) break;
    await writePage(copy, table, page.rows);
    copied += page.count;
    copy.onCopied(page.count);
    after = page.last;
  } while (!copy.signal.aborted);
  return copied;
}

interface Page {
  /** A JSON array of rows, as text; null at the end. */
  readonly rows: string | null;
  readonly count: number;
  /** The last row's key, as JSON text. */
  readonly last: string | null;
}

async function readPage(queries: Queries, table: MovedTable, after: string | null): Promise<Page> {
  const name = sql.table(table);
  const key = sql.join(movedTables[table].key.map((column) => sql.ref(column)));
  const sizes = movedTables[table].wide.map((column) => sql`coalesce(octet_length(${sql.ref(column)}), 0)`);
  const size = sizes.length === 0 ? sql`0` : sql.join(sizes, sql` + `);
  const behind =
    after === null
      ? sql``
      : sql`where (${key}) > (select ${key} from json_populate_record(null::${name}, ${after}::json))`;
  const { rows } = await sql<Page>`
    with next as (
      select ${key}, ${size} as bytes from ${name} ${behind} order by ${key} limit ${pageRows}),
    summed as (
      select next.*, sum(bytes) over (order by ${key}) - bytes as before from next),
    page as (
      select ${key} from summed where before < ${pageBytes})
    select (select json_agg(whole)::text from (select t.* from ${name} t join page using (${key}) order by ${key}) whole)
             as rows,
           (select count(*) from page) as count,
           (select row_to_json(last)::text from (
             select * from page order by (${key}) desc limit 1) last) as last`.execute(queries);
  return rows[0] ?? { rows: null, count: 0, last: null };
}

async function writePage({ to, columns, shifts }: CopyTable, table: MovedTable, rows: string): Promise<void> {
  const name = sql.table(table);
  const written = columns[table] ?? [];
  const values = written.map((column) =>
    column === 'log_offset' ? sql`log_offset - coalesce(shift.by, 0)` : sql.ref(`row.${column}`),
  );
  const shifted = written.includes('log_offset')
    ? sql`left join json_to_recordset(${JSON.stringify(shifts)}::json)
            as shift(topic text, partition integer, by bigint)
         on shift.topic = row.topic and shift.partition = row.partition`
    : sql``;
  await sql`
    insert into ${name} (${sql.join(written.map((column) => sql.ref(column)))})
    select ${sql.join(values)}
      from json_populate_recordset(null::${name}, ${rows}::json) as row ${shifted}`.execute(to);
}
