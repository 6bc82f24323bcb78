import { sql } from 'kysely';
import type { TopicName } from '../contracts/topics.ts';
import type { Queries } from './database.ts';
import { type KnownPlace, ownTopicsConsumer } from './followed-positions.ts';

export interface SentRecord {
  readonly topic: string;
  readonly key: string;
  readonly version: number;
}

export interface LeaseGrant {
  readonly name: string;
  readonly holder: string;
  readonly token: number;
}

/** How far the relay knows a partition now, and from where on it was the one to write it. */
export interface SentPlace extends KnownPlace {
  /** The stored place is not before it, unless the database is an older one than the relay has worked with. */
  readonly from: number;
}

/**
 * Removes the owed rows whose version was sent and stores how far the relay knows its topics: one statement, so
 * one transaction and one round trip. It does nothing when the lease has been granted to somebody else, and neither
 * when a stored place lies before the relay's or is gone: a database that was put back under a running relay has not
 * taken in what lies between, and would never read it. A row that intake holds locked is about to be owed at a newer
 * version and is left: waiting for it could deadlock.
 */
export async function settleSent(
  queries: Queries,
  lease: LeaseGrant,
  sent: readonly SentRecord[],
  positions: readonly SentPlace[],
): Promise<'settled' | 'lease-lost'> {
  const { rows } = await sql`
    with known as (
      select * from json_to_recordset(${JSON.stringify(positions)}::json)
        as known(topic text, partition integer, "topicId" text, "from" bigint, "offset" bigint)),
    held as materialized (
      select 1 from leases
       where name = ${lease.name} and token = ${lease.token}
         and not exists (
           select from known left join positions p
             on p.consumer = ${ownTopicsConsumer} and p.topic = known.topic and p.partition = known.partition
            where p.next_offset is null or p.next_offset < known."from")
         for share of leases),
    sent as (
      select * from json_to_recordset(${JSON.stringify(sent)}::json)
        as sent(topic text, key text, version bigint)),
    done as (
      select o.topic, o.key from outbox o join sent on sent.topic = o.topic and sent.key = o.key
       where o.version <= sent.version and exists (select from held)
         for update of o skip locked),
    removed as (
      delete from outbox o using done where o.topic = done.topic and o.key = done.key),
    moved as (
      insert into positions (consumer, topic, partition, topic_id, next_offset, claim, owner)
      select ${ownTopicsConsumer}, topic, partition, "topicId", "offset", ${lease.token}::bigint, ${lease.holder}
        from known
       where exists (select from held)
      on conflict (consumer, topic, partition) do update set
        topic_id = excluded.topic_id, next_offset = excluded.next_offset, claim = excluded.claim,
        owner = excluded.owner, moved_at = now())
    select from held`.execute(queries);
  return rows.length > 0 ? 'settled' : 'lease-lost';
}

export interface HeldVersions {
  readonly topic: TopicName;
  readonly key: string;
  readonly repositoryId: number;
  readonly number: number;
  readonly issue: number | null;
  readonly ledger: number | null;
  readonly owed: number | null;
}

/** The versions that the database has of these keys: issue, ledger row, and what is owed to the topic. */
export async function readHeldVersions(
  queries: Queries,
  keys: readonly {
    readonly topic: string;
    readonly key: string;
    readonly repositoryId: number;
    readonly number: number;
  }[],
): Promise<readonly HeldVersions[]> {
  const { rows } = await sql<HeldVersions>`
    select seen.topic, seen.key, seen."repositoryId", seen.number,
           (select version from issues where repository_id = seen."repositoryId" and number = seen.number) as issue,
           (select version from deletions
             where repository_id = seen."repositoryId" and number = seen.number) as ledger,
           (select version from outbox where topic = seen.topic and key = seen.key) as owed
      from json_to_recordset(${JSON.stringify(keys)}::json)
        as seen(topic text, key text, "repositoryId" bigint, number bigint)`.execute(queries);
  return rows;
}

/** Draws new versions for issues and ledger rows; the caller holds the keys' locks. */
export async function setVersions(
  transaction: Queries,
  drawn: readonly {
    readonly repositoryId: number;
    readonly number: number;
    readonly version: number;
    readonly row: 'issue' | 'ledger';
  }[],
): Promise<void> {
  const versions = sql`json_to_recordset(${JSON.stringify(drawn)}::json)
    as drawn("repositoryId" bigint, number bigint, version bigint, row text)`;
  await sql`
    with renewed as (
      update deletions d set version = drawn.version from ${versions}
       where drawn.row = 'ledger' and d.repository_id = drawn."repositoryId" and d.number = drawn.number)
    update issues i set version = drawn.version from ${versions}
     where drawn.row = 'issue' and i.repository_id = drawn."repositoryId" and i.number = drawn.number`.execute(
    transaction,
  );
}

/** Owes every key again: a topic that is gone is written anew. Returns how many keys. */
export async function oweEverything(
  transaction: Queries,
  topic: 'issues.enriched' | 'issues.deletions',
): Promise<number> {
  const { rows } = await sql<{ owed: number }>`
    with owed as (
      insert into outbox (topic, key, version)
      select ${topic}, repository_id || '#' || number, max(version) from (
        select repository_id, number, version from deletions
        union all
        select repository_id, number, version from issues where ${topic} = 'issues.enriched') known
       group by repository_id, number
      on conflict (topic, key) do update set version = greatest(outbox.version, excluded.version)
      returning 1)
    select count(*) as owed from owed`.execute(transaction);
  return rows[0]?.owed ?? 0;
}
