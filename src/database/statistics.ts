import { sql } from 'kysely';
import type { Stats } from '../contracts/rest.ts';
import type { Queries } from './database.ts';

/** Below this an answer's category is worth a person's look. */
const unsureBelow = 0.6;
const repositoriesShown = 20;

/**
 * Counts over all issues and deliveries. Three statements, not one: on the embedded database nothing else runs
 * meanwhile, and a hundred thousand issues take each of them some tenths of a second.
 */
export async function readStatistics(queries: Queries): Promise<Stats> {
  const counts = await countIssues(queries);
  const unsure = await countUnsure(queries);
  return { ...counts, unsure, byStatus: await countStatuses(queries) };
}

async function countIssues(queries: Queries): Promise<Omit<Stats, 'unsure' | 'byStatus'>> {
  const by = (column: string, limit = 1_000) => sql`(
    select coalesce(json_agg(json_build_object('value', value, 'count', count) order by count desc, value), '[]')
      from (select ${sql.ref(column)} as value, sum(count)::bigint as count from groups
             where ${sql.ref(column)} is not null group by 1 order by 2 desc, 1 limit ${limit}) counts)`;
  const { rows } = await sql<Omit<Stats, 'unsure' | 'byStatus'>>`
    with groups as materialized (
      select i.repository, i.state, i.origin, c.category, c.priority, c.shown_source, count(*) as count
        from issues i left join classifications c using (repository_id, number)
       group by 1, 2, 3, 4, 5, 6)
    select coalesce(sum(count), 0)::bigint as total,
           coalesce(sum(count) filter (where state = 'open'), 0)::bigint as open,
           coalesce(sum(count) filter (where state = 'closed'), 0)::bigint as closed,
           coalesce(sum(count) filter (where origin = 'sample'), 0)::bigint as samples,
           coalesce(sum(count) filter (where shown_source = 'person'), 0)::bigint as corrected,
           ${by('category')} as "byCategory", ${by('priority')} as "byPriority",
           ${by('shown_source')} as "bySource", ${by('repository', repositoriesShown)} as "byRepository"
      from groups`.execute(queries);
  const [counts] = rows;
  if (!counts) throw new Error('an aggregate without groups always has a row');
  return counts;
}

async function countUnsure(queries: Queries): Promise<number> {
  const { rows } = await sql<{ count: number }>`
    select count(*) as count
      from issues i join classifications c using (repository_id, number)
     where i.state = 'open' and c.confidence < ${unsureBelow}`.execute(queries);
  return rows[0]?.count ?? 0;
}

async function countStatuses(queries: Queries): Promise<Stats['byStatus']> {
  const { rows } = await sql<Stats['byStatus'][number]>`
    select status as value, count(*) as count from events group by 1 order by 2 desc, 1`.execute(queries);
  return rows;
}
