import { sql } from 'kysely';
import type { TopicName } from '../contracts/topics.ts';
import type { Queries } from './database.ts';

export interface Position {
  readonly topic: TopicName;
  readonly partition: number;
  readonly nextOffset: number;
  /** Alone decides who may move the position; each claim has a larger one. */
  readonly claim: number;
  /** Names the record before `nextOffset`; null where it is not known, and then nothing is compared. */
  readonly lastDelivery: string | null;
}

export interface ClaimRequest {
  readonly consumer: string;
  /** Member and generation, for people. */
  readonly owner: string;
  readonly partitions: readonly {
    readonly topic: TopicName;
    readonly partition: number;
    readonly topicId: string;
    readonly start: number;
    /** Where a position that is missing begins; `start` when absent. */
    readonly first?: number;
  }[];
}

/**
 * At least this is a new claim's number: the database's microseconds. Counted from 1, claims would begin again in a database
 * that was made anew or put back, or with a row that was deleted, where a holder of before could have the same one.
 */
export const leastClaim = sql`(extract(epoch from clock_timestamp()) * 1000000)::bigint`;

/**
 * Claims partitions for a member: from this transaction's commit on, whoever claimed them before cannot move them.
 * A position that is missing or of another topic id is set to the log's start, where known deliveries drop out; a
 * missing one to `first`, where that is given. Whether the others fit the log is for the caller to see.
 */
export async function claimPositions(
  transaction: Queries,
  request: ClaimRequest,
): Promise<readonly Position[]> {
  const { rows } = await sql<Position>`
    insert into positions as held (consumer, topic, partition, topic_id, next_offset, claim, owner)
    select ${request.consumer}, topic, partition, "topicId", ${firstOffset(request.consumer)}, ${leastClaim},
           ${request.owner}
      from json_to_recordset(${JSON.stringify(request.partitions)}::json)
        as log(topic text, partition integer, "topicId" text, start bigint, first bigint)
     order by topic, partition
    on conflict (consumer, topic, partition) do update set
      claim = greatest(held.claim + 1, excluded.claim),
      owner = excluded.owner,
      topic_id = excluded.topic_id,
      next_offset = case when held.topic_id = excluded.topic_id then held.next_offset else excluded.next_offset end,
      last_delivery = case when held.topic_id = excluded.topic_id then held.last_delivery end
    returning topic, partition, next_offset as "nextOffset", claim, last_delivery as "lastDelivery"`.execute(
    transaction,
  );
  return rows;
}

/** `first` is for a row that was never there; one of another topic id begins at the start. */
const firstOffset = (consumer: string) => sql`
  case when exists (select from positions known where known.consumer = ${consumer}
                       and known.topic = log.topic and known.partition = log.partition)
       then start else coalesce(first, start) end`;

type Partition = Pick<Position, 'topic' | 'partition'>;

/** What the rows of these positions say now. */
export async function readPositions(
  queries: Queries,
  consumer: string,
  positions: readonly Partition[],
): Promise<readonly Position[]> {
  return (await selectPositions(consumer, positions).execute(queries)).rows;
}

/** Locks the rows of these positions and returns what they say now. */
export async function lockPositions(
  transaction: Queries,
  consumer: string,
  positions: readonly Partition[],
): Promise<readonly Position[]> {
  return (await sql<Position>`${selectPositions(consumer, positions)} for update`.execute(transaction)).rows;
}

const selectPositions = (consumer: string, positions: readonly Partition[]) => sql<Position>`
  select topic, partition, next_offset as "nextOffset", claim, last_delivery as "lastDelivery" from positions
   where consumer = ${consumer}
     and (topic, partition) in (
       select topic, partition from json_to_recordset(${JSON.stringify(positions)}::json)
         as wanted(topic text, partition integer))
   order by topic, partition`;

export interface MovedPosition {
  readonly topic: TopicName;
  readonly partition: number;
  readonly nextOffset: number;
  readonly lastDelivery: string | null;
}

export async function movePositions(
  transaction: Queries,
  consumer: string,
  moved: readonly MovedPosition[],
): Promise<void> {
  await sql`
    update positions set next_offset = moved."nextOffset", last_delivery = moved."lastDelivery", moved_at = now()
      from json_to_recordset(${JSON.stringify(moved)}::json)
        as moved(topic text, partition integer, "nextOffset" bigint, "lastDelivery" text)
     where consumer = ${consumer} and positions.topic = moved.topic and positions.partition = moved.partition`.execute(
    transaction,
  );
}

/** Sets claimed positions back to where their logs start, unless somebody has claimed them since. */
export async function rewindPositions(
  transaction: Queries,
  consumer: string,
  positions: readonly {
    readonly topic: TopicName;
    readonly partition: number;
    readonly claim: number;
    readonly start: number;
  }[],
): Promise<void> {
  await sql`
    update positions set next_offset = rewound.start, last_delivery = null, moved_at = now()
      from json_to_recordset(${JSON.stringify(positions)}::json)
        as rewound(topic text, partition integer, claim bigint, start bigint)
     where consumer = ${consumer} and positions.topic = rewound.topic
       and positions.partition = rewound.partition and positions.claim = rewound.claim`.execute(transaction);
}
