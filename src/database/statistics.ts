import { sql } from 'kysely';
import type { Stats } from '../contracts/rest.ts';
import type { Queries } from './database.ts';

/** Below this an answer's category is worth a person's look. */
const unsureBelow = 0.6;
const repositoriesShown = 20;

/** Counts over all issues and deliveries, in one statement. */
export async function readStatistics(queries: Queries): Promise<Stats> {
  const { rows } = await sql<Stats>`
    with shown as materialized (
      select i.repository, i.state, i.origin, c.category, c.priority, c.shown_source,
             i.state = 'open' and not exists (
               select from corrections x
                where x.repository_id = i.repository_id and x.number = i.number and x.field = 'category')
             and (c.answer #>> '{category,confidence}')::float8 < ${unsureBelow} as unsure
        from issues i left join classifications c using (repository_id, number))
    select count(*) as total,
           count(*) filter (where state = 'open') as open,
           count(*) filter (where state = 'closed') as closed,
           count(*) filter (where origin = 'sample') as samples,
           count(*) filter (where shown_source = 'person') as corrected,
           count(*) filter (where unsure) as unsure,
           ${counted(sql`select category as value, count(*) as count from shown where category is not null group by 1`)} as "byCategory",
           ${counted(sql`select priority as value, count(*) as count from shown where priority is not null group by 1`)} as "byPriority",
           ${counted(sql`select shown_source as value, count(*) as count from shown where shown_source is not null group by 1`)} as "bySource",
           ${counted(sql`select repository as value, count(*) as count from shown group by 1 order by 2 desc, 1 limit ${repositoriesShown}`)} as "byRepository",
           ${counted(sql`select status as value, count(*) as count from events group by 1`)} as "byStatus"
      from shown`.execute(queries);
  const [stats] = rows;
  if (!stats) throw new Error('an aggregate without groups always has a row');
  return stats;
}

const counted = (counts: ReturnType<typeof sql>) => sql`(
  select coalesce(json_agg(json_build_object('value', value, 'count', count) order by count desc, value), '[]')
    from (${counts}) counts)`;
