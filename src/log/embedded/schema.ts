import { DatabaseSync } from 'node:sqlite';
import type { Randomness } from '../../effects/randomness.ts';
import { asUnavailable } from './unavailable.ts';

/** Counts changes of the tables below; a file of a later version is refused. */
const schemaVersion = 1;

const tables = `
  create table log (cluster_id text not null) strict;
  create table topics (name text primary key, id text not null, partitions integer not null) strict;
  create table partitions (
    id integer primary key,
    topic text not null references topics (name),
    partition integer not null,
    start integer not null default 0,
    next integer not null default 0,
    compacted integer not null default 0,
    unique (topic, partition)
  ) strict;
  create table committed (
    consumer text not null,
    topic text not null,
    partition integer not null,
    next integer not null,
    primary key (consumer, topic, partition)
  ) strict, without rowid;
`;

/**
 * Opens the file for this process alone (a second opener is refused). Every commit is synced before it
 * returns. Pages of 8 KB suit webhooks of about 12 KB; a checkpoint comes after 2 MB, so that none blocks for long.
 * The cache is small on purpose: appends go to the end, readers mostly follow it.
 * @throws LogUnavailableError when the file is another process' or damaged
 */
export function openFile(file: string): DatabaseSync {
  const db = new DatabaseSync(file);
  try {
    db.exec(`
      pragma page_size = 8192;
      pragma locking_mode = exclusive;
      pragma journal_mode = wal;
      pragma synchronous = full;
      pragma cache_size = -8192;
      pragma mmap_size = 0;
      pragma wal_autocheckpoint = 250;
      pragma journal_size_limit = 67108864;
    `);
    migrate(db);
    return db;
  } catch (error) {
    db.close();
    throw asUnavailable(error);
  }
}

function migrate(db: DatabaseSync): void {
  const found = Number(db.prepare('pragma user_version').get()?.user_version);
  if (found > schemaVersion)
    throw new Error(`the log file has format ${found}, this version reads up to ${schemaVersion}`);
  if (found === 0) db.exec(`begin immediate; ${tables} pragma user_version = ${schemaVersion}; commit;`);
}

export function clusterId(db: DatabaseSync, randomness: Randomness): string {
  db.prepare('insert into log select ? where not exists (select 1 from log)').run(randomness.uuid());
  return String(db.prepare('select cluster_id from log').get()?.cluster_id);
}

/** One row of `partitions`; `id` names the partition's table. */
export interface PartitionRow {
  readonly id: number;
  readonly start: number;
  readonly next: number;
  readonly compacted: number;
}

export interface TopicTables {
  readonly topicId: string;
  readonly partitions: readonly PartitionRow[];
}

/**
 * Creates what is not there yet. The number of partitions is fixed when the topic is created, as its keys'
 * places depend on it: a later declaration does not change it.
 */
export function ensureTopic(
  db: DatabaseSync,
  declared: { readonly topic: string; readonly partitions: number; readonly compacted: boolean },
  randomness: Randomness,
): TopicTables {
  const { topic } = declared;
  db.prepare('insert into topics values (?, ?, ?) on conflict do nothing').run(
    topic,
    randomness.uuid(),
    declared.partitions,
  );
  const row = db.prepare('select id, partitions from topics where name = ?').get(topic);
  db.prepare(
    `with recursive n(i) as (select 0 union all select i + 1 from n where i + 1 < ?)
     insert into partitions (topic, partition) select ?, i from n where true on conflict do nothing`,
  ).run(Number(row?.partitions), topic);
  const partitions = db
    .prepare('select id, start, next, compacted from partitions where topic = ? order by partition')
    .all(topic)
    .map(
      (found): PartitionRow => ({
        id: Number(found.id),
        start: Number(found.start),
        next: Number(found.next),
        compacted: Number(found.compacted),
      }),
    );
  for (const { id } of partitions) db.exec(recordTable(id, declared.compacted));
  return { topicId: String(row?.id), partitions };
}

/**
 * The value comes last, so that a scan of times and keys does not walk its overflow pages. Only compaction looks
 * records up by key; the index on times serves `offsetsAt`.
 */
function recordTable(id: number, compacted: boolean): string {
  const table = `records_${id}`;
  const times = `create index if not exists ${table}_t on ${table} (t);`;
  const keys = `
    create index if not exists ${table}_k on ${table} (k);
    create index if not exists ${table}_tombstones on ${table} (t) where v is null;`;
  return `
    create table if not exists ${table} (
      o integer primary key, t integer not null, k text not null, h text, v blob
    ) strict;
    ${times}
    ${compacted ? keys : ''}`;
}
