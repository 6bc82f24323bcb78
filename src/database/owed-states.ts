import { sql } from 'kysely';
import type { TopicName } from '../contracts/topics.ts';
import type { Queries } from './database.ts';
import { type KnownPlace, ownTopicsConsumer } from './followed-positions.ts';
import type { LeaseGrant } from './sent-records.ts';

/** What an outbox row is published as, read in the same statement as the row. */
export interface OwedState {
  readonly topic: TopicName;
  readonly key: string;
  /** Of the state read; of the row itself when there is nothing to publish. */
  readonly version: number;
  /** Of the row. Above `version` only where rows were removed or put back behind the log's back. */
  readonly owedVersion: number;
  /** `owner/name#number`, for people reading the log. */
  readonly issue: string | null;
  /** `EnrichedRecord` or `DeletionRecord` as JSON; null when neither issue nor ledger row is there. */
  readonly value: string | null;
}

export interface OwedStates {
  /** Whether the reader's lease and places are the stored ones; where they are not, nothing is read. */
  readonly fits: boolean;
  readonly states: readonly OwedState[];
  /** Whether there may be further rows. */
  readonly more: boolean;
}

/** Who reads what is owed. */
export interface OwedReader {
  readonly places: readonly KnownPlace[];
  /** Null for who publishes nothing. */
  readonly lease: LeaseGrant | null;
}

export interface OwedLimits {
  readonly rows: number;
  /** Of the issues' bodies, decompressed; the first row is always read. */
  readonly bytes: number;
}

/**
 * The oldest owed rows with the newest state and version of each: issue, else its ledger row, else nothing. One
 * statement, so that state and version are of one moment; PostgreSQL writes the JSON, so that the bytes go to the
 * log as they come. Lateral joins keep the plan at index look-ups while the tables have no statistics yet.
 * Dead letters stay where they are until something publishes them.
 *
 * @param reader how far it knows its topics, and its lease. A database that says otherwise was put back, or somebody else
 *   has read or written there, or will: what it owes may have been published long ago.
 */
export async function readOwedStates(
  queries: Queries,
  limits: OwedLimits,
  { places: known, lease }: OwedReader,
): Promise<OwedStates> {
  const isHeld = lease
    ? sql`exists (select from leases where name = ${lease.name} and token = ${lease.token}::bigint)`
    : sql`true`;
  const { rows } = await sql<ReadState>`
    with places as materialized (
      select ${isHeld} and not exists (
        select from json_to_recordset(${JSON.stringify(known)}::json)
            as known(topic text, partition integer, "topicId" text, "offset" bigint)
          left join positions p
            on p.consumer = ${ownTopicsConsumer} and p.topic = known.topic and p.partition = known.partition
         where p.next_offset is distinct from known."offset" or p.topic_id is distinct from known."topicId") as fit),
    owed as materialized (
      select topic, key, version from outbox
       where topic in ('issues.enriched', 'issues.deletions')
         and (select fit from places)
       order by version limit ${limits.rows}),
    keyed as materialized (
      select topic, key, version,
             case when well_formed then split_part(key, '#', 1)::bigint end as repository_id,
             case when well_formed then split_part(key, '#', 2)::bigint end as number
        from (select *, key ~ '^-?[0-9]{1,16}#[0-9]{1,10}$' as well_formed from owed) o),
    sized as materialized (
      select keyed.*, row_number() over oldest as place,
             sum(coalesce(octet_length(i.body), 0)) over oldest as bytes
        from keyed left join lateral (
          select body from issues
           where keyed.topic = 'issues.enriched' and repository_id = keyed.repository_id and number = keyed.number
          offset 0) i on true
      window oldest as (order by keyed.version, keyed.topic, keyed.key rows unbounded preceding))
    select places.fit, o.topic, o.key, coalesce(i.version, d.version, o.version) as version,
           o.version as "owedVersion",
           coalesce(i.repository, d.repository) || '#' || o.number as issue,
           (select count(*) from owed) as owed,
           case when i.version is not null then ${enrichedIssue}
                when d.version is null then null
                when o.topic = 'issues.enriched' then ${enrichedDeletion}
                else ${deletion} end as value
      from places
      left join sized o on o.place = 1 or o.bytes <= ${limits.bytes}
      left join lateral (
        select * from issues
         where o.topic = 'issues.enriched' and repository_id = o.repository_id and number = o.number
        offset 0) i on true
      left join lateral (
        select * from classifications c
         where c.repository_id = i.repository_id and c.number = i.number
        offset 0) c on true
      left join lateral (
        select * from deletions
         where i.version is null and repository_id = o.repository_id and number = o.number
        offset 0) d on true
     order by o.place`.execute(queries);
  const owed = rows[0]?.owed ?? 0;
  const states = rows.filter(isOwed);
  return {
    fits: rows[0]?.fit === true,
    states,
    more: owed >= limits.rows || owed > states.length,
  };
}

/** One row without a state says that nothing is owed. */
interface ReadState extends Omit<OwedState, 'topic'> {
  readonly fit: boolean;
  readonly owed: number;
  readonly topic: TopicName | null;
}

const isOwed = (row: ReadState): row is ReadState & OwedState => row.topic !== null;

const seconds = sql.lit('YYYY-MM-DD"T"HH24:MI:SS"Z"');
const milliseconds = sql.lit('YYYY-MM-DD"T"HH24:MI:SS.MS"Z"');

const enrichedIssue = sql`json_build_object(
  'type', 'issue', 'repositoryId', i.repository_id, 'number', i.number, 'version', i.version,
  'issue', json_build_object(
    'repository', i.repository, 'title', i.title, 'body', i.body, 'state', i.state,
    'stateReason', i.state_reason, 'author', i.author, 'authorAssociation', i.author_association,
    'labels', i.labels, 'assignees', i.assignees, 'milestone', i.milestone, 'issueType', i.issue_type,
    'locked', i.locked, 'lockReason', i.lock_reason, 'pinned', i.pinned, 'comments', i.comments, 'url', i.url,
    'createdAt', to_char(i.created_at at time zone 'UTC', ${seconds}),
    'updatedAt', to_char(i.updated_at at time zone 'UTC', ${seconds}),
    'closedAt', to_char(i.closed_at at time zone 'UTC', ${seconds})),
  'origin', i.origin, 'contentHash', i.content_hash, 'guards', i.guards,
  'classification', case when c.source is not null then json_build_object(
    'answer', c.answer, 'source', c.source, 'classifier', c.classifier, 'cacheKey', c.cache_key,
    'degraded', c.degraded) end,
  'corrections', coalesce((
    select json_object_agg(field, value) from corrections x
     where x.repository_id = i.repository_id and x.number = i.number), '{}'))::text`;

const enrichedDeletion = sql`json_build_object(
  'type', 'deleted', 'repositoryId', d.repository_id, 'number', d.number, 'repository', d.repository,
  'version', d.version)::text`;

const deletion = sql`json_build_object(
  'type', 'deletion', 'repositoryId', d.repository_id, 'number', d.number, 'repository', d.repository,
  'version', d.version, 'deletedAt', to_char(d.deleted_at at time zone 'UTC', ${milliseconds}),
  'stateUpdatedAt', to_char(d.state_updated_at at time zone 'UTC', ${seconds}), 'reason', d.reason,
  'deletedBy', d.deleted_by, 'permanent', d.permanent,
  'liftedAt', to_char(d.lifted_at at time zone 'UTC', ${milliseconds}))::text`;
