import { sql } from 'kysely';
import type { Queries } from '../../database/database.ts';
import type { LogIdentity } from '../../log/event-log.ts';
import type { CarriedPosition, StoredPosition } from './carried-positions.ts';
import type { TablePlan } from './move-plan.ts';
import { type MovedTable, movedTableNames } from './moved-tables.ts';

const begun = 'move begun';
const moved = 'installation moved';

export interface TargetRows {
  readonly databaseId: string;
  /** Names of tables that hold rows which a move would write. */
  readonly filled: readonly string[];
  /** Leases whose term is not over: somebody is at work. */
  readonly leases: readonly string[];
  /** ISO 8601; null when no move was begun here, or one that was has ended. */
  readonly moveBegunAt: string | null;
}

/** What stands in the way on the target's side. Its audit rows do not: `topics apply` may have left some. */
export async function readTargetRows(queries: Queries): Promise<TargetRows> {
  const tables = [...movedTableNames.filter((name) => name !== 'audit'), 'positions'];
  const filled = tables.map(
    (name) => sql`select ${name}::text as name where exists (select from ${sql.table(name)})`,
  );
  const { rows } = await sql<TargetRows>`
    select (select database_id::text from pairing) as "databaseId",
           (select coalesce(json_agg(name), '[]') from (${sql.join(filled, sql` union all `)}) found) as filled,
           (select coalesce(json_agg(name), '[]') from leases where expires_at > clock_timestamp()) as leases,
           (select to_json(max(at) filter (where action = ${begun}))#>>'{}' from audit
            having not coalesce(bool_or(action = ${moved}), false)) as "moveBegunAt"`.execute(queries);
  const [row] = rows;
  if (!row) throw new Error('the database answered without a row');
  return row;
}

export async function readDatabaseId(queries: Queries): Promise<string> {
  const row = await queries.selectFrom('pairing').select('database_id').executeTakeFirstOrThrow();
  return row.database_id;
}

export async function readPositions(queries: Queries): Promise<readonly StoredPosition[]> {
  const { rows } = await sql<StoredPosition>`
    select consumer, topic, partition, next_offset as "nextOffset", last_delivery as "lastDelivery", claim
      from positions order by consumer, topic, partition`.execute(queries);
  return rows;
}

export async function measureTables(queries: Queries): Promise<readonly TablePlan[]> {
  const each = movedTableNames.map(
    (name) =>
      sql`select ${name}::text as "table", (select count(*) from ${sql.table(name)}) as rows,
                 pg_table_size(${name}::text::regclass) as bytes`,
  );
  const { rows } = await sql<{ table: MovedTable; rows: number; bytes: number }>`${sql.join(
    each,
    sql` union all `,
  )}`.execute(queries);
  return rows;
}

/** Committed before the first record is copied, so that what an interrupted move left behind can be named. */
export async function noteBegun(queries: Queries, actor: string, details: object): Promise<void> {
  await queries
    .insertInto('audit')
    .values({ actor, action: begun, details: JSON.stringify(details) })
    .execute();
}

export interface Arrival {
  readonly positions: readonly CarriedPosition[];
  readonly identity: LogIdentity;
  readonly actor: string;
  readonly details: object;
}

/** The last of the target's rows: positions, the log that it belongs to, and who brought it here. */
export async function writeArrival(
  transaction: Queries,
  { positions, identity, actor, details }: Arrival,
): Promise<void> {
  await sql`
    insert into positions (consumer, topic, partition, topic_id, next_offset, last_delivery, claim)
    select consumer, topic, partition, "topicId", "nextOffset", "lastDelivery", claim
      from json_to_recordset(${JSON.stringify(positions)}::json)
        as carried(consumer text, topic text, partition integer, "topicId" text, "nextOffset" bigint,
                   "lastDelivery" text, claim bigint)`.execute(transaction);
  await transaction
    .updateTable('pairing')
    .set({
      cluster_id: identity.clusterId,
      topic_ids: JSON.stringify(identity.topicIds),
      paired_at: sql<Date>`now()`,
    })
    .execute();
  await transaction
    .insertInto('audit')
    .values({ actor, action: moved, details: JSON.stringify(details) })
    .execute();
}
