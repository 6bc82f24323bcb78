import { type RawBuilder, sql } from 'kysely';
import type { IssueSummary, ListIssuesQuery } from '../contracts/rest.ts';
import { summarise } from '../domain/feed-message.ts';
import type { PageCursor } from '../domain/page-cursor.ts';
import type { Queries } from './database.ts';
import { type IssueRow, issueColumns, issueOfRow } from './issue-rows.ts';

export type IssueFilters = Pick<
  ListIssuesQuery,
  'repository' | 'category' | 'priority' | 'state' | 'source' | 'q'
>;

export interface IssuePage {
  readonly issues: readonly IssueSummary[];
  /** Where the next page begins; null on the last. */
  readonly next: PageCursor | null;
}

/**
 * Issues looked at in one statement while filters are set. A search reads titles and bodies; in slices of this
 * size the single session of the embedded database stays free for intake every few milliseconds.
 */
const slice = 2_000;

/**
 * One page, newest activity first, ties by repository id and number: every issue once, whatever the page size, as
 * long as none changes meanwhile.
 */
export async function readIssuePage(
  queries: Queries,
  filters: IssueFilters,
  limit: number,
  after: PageCursor | null,
): Promise<IssuePage> {
  const filtered = Object.values(filters).some((value) => value !== undefined && value !== '');
  const found: IssueSummary[] = [];
  let from = after;
  for (;;) {
    const wanted = limit + 1 - found.length;
    const read = await readSlice(queries, filters, wanted, filtered ? slice : wanted, from);
    found.push(...read.issues);
    if (found.length > limit) return { issues: found.slice(0, limit), next: cursorOf(found[limit - 1]) };
    if (!filtered || read.last === null) return { issues: found, next: null };
    from = read.last;
  }
}

type SliceRow = (IssueRow | { readonly repository_id: null }) & {
  /** The oldest candidate when there may be further ones: `[updated_at in ms, repository id, number]`. */
  readonly last: readonly [number, number, number] | null;
};

async function readSlice(
  queries: Queries,
  filters: IssueFilters,
  wanted: number,
  candidates: number,
  after: PageCursor | null,
): Promise<{ readonly issues: readonly IssueSummary[]; readonly last: PageCursor | null }> {
  const behind = after
    ? sql`where (updated_at, repository_id, number) < (
        ${new Date(after.updatedAt).toISOString()}::timestamptz, ${after.repositoryId}::bigint, ${after.number}::bigint)`
    : sql``;
  const newest = sql`order by updated_at desc, repository_id desc, number desc`;
  // The limit inside and the lateral join keep PostgreSQL from searching all texts for every slice.
  const { rows } = await sql<SliceRow>`
    with last as (
      select json_build_array(extract(epoch from updated_at) * 1000, repository_id, number) as last
        from issues ${behind} ${newest} offset ${candidates - 1} limit 1),
    page as (
      select ${issueColumns('without-body')}
        from (select * from issues ${behind} ${newest} limit ${candidates}) i
        left join lateral (
          select * from classifications where repository_id = i.repository_id and number = i.number offset 0) c
          on true
       where ${conditionsOf(filters)}
       order by i.updated_at desc, i.repository_id desc, i.number desc limit ${wanted})
    select page.*, (select last from last) as last from (select) one left join page on true
     order by page.updated_at desc, page.repository_id desc, page.number desc`.execute(queries);
  const [last] = rows.map((row) => row.last);
  return {
    issues: rows.flatMap((row) => (row.repository_id === null ? [] : [summarise(issueOfRow(row))])),
    last: last ? { updatedAt: last[0], repositoryId: last[1], number: last[2] } : null,
  };
}

function conditionsOf(filters: IssueFilters): RawBuilder<unknown> {
  const { repository, category, priority, state, source, q } = filters;
  const conditions = [
    ...(repository === undefined ? [] : [sql`i.repository = ${repository}`]),
    ...(category === undefined ? [] : [sql`c.category = ${category}`]),
    ...(priority === undefined ? [] : [sql`c.priority = ${priority}`]),
    ...(state === undefined ? [] : [sql`i.state = ${state}`]),
    ...(source === undefined ? [] : [sql`c.shown_source = ${source}`]),
    ...(q === undefined || q === '' ? [] : [matches(q)]),
  ];
  return conditions.length === 0 ? sql`true` : sql.join(conditions, sql` and `);
}

/** Each word in title or body, whatever the case; `#12` and `12` also find the number. */
function matches(q: string): RawBuilder<unknown> {
  const words = storable(q)
    .split(/\s+/)
    .filter((word) => word !== '')
    .slice(0, 10);
  const number = /^#?(\d{1,10})$/.exec(q)?.[1];
  const inText = words.map((word) => {
    const pattern = `%${word.replaceAll(/[\\%_]/g, '\\$&')}%`;
    return sql`(i.title ilike ${pattern} or i.body ilike ${pattern})`;
  });
  const text = inText.length === 0 ? sql`true` : sql`(${sql.join(inText, sql` and `)})`;
  return number === undefined ? text : sql`(i.number = ${number}::bigint or ${text})`;
}

/** PostgreSQL refuses NUL and lone surrogates, and no stored text has them. */
const storable = (text: string) => text.replaceAll('\0', ' ').toWellFormed();

function cursorOf(issue: IssueSummary | undefined): PageCursor | null {
  return issue
    ? { updatedAt: Date.parse(issue.updatedAt), repositoryId: issue.repositoryId, number: issue.number }
    : null;
}
