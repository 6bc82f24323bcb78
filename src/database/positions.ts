import { sql } from 'kysely';
import type { TopicName } from '../contracts/topics.ts';
import type { Queries } from './database.ts';

export interface Position {
  readonly topic: TopicName;
  readonly partition: number;
  readonly nextOffset: number;
  /** Alone decides who may move the position; each claim has a larger one. */
  readonly claim: number;
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
    readonly end: number;
    /** Where a position that is missing begins; `start` when absent. */
    readonly first?: number;
  }[];
}

/**
 * Claims partitions for a member: from this transaction's commit on, whoever claimed them before cannot move them.
 * A position that is missing, of another topic id, or past the log's end is set to the log's start, where known
 * deliveries drop out; a missing one to `first`, where that is given.
 */
export async function claimPositions(
  transaction: Queries,
  request: ClaimRequest,
): Promise<readonly Position[]> {
  const { rows } = await sql<Position>`
    insert into positions as held (consumer, topic, partition, topic_id, next_offset, claim, owner)
    select ${request.consumer}, topic, partition, "topicId", ${firstOffset(request.consumer)}, 1, ${request.owner}
      from json_to_recordset(${JSON.stringify(request.partitions)}::json)
        as log(topic text, partition integer, "topicId" text, start bigint, first bigint)
     order by topic, partition
    on conflict (consumer, topic, partition) do update set
      claim = held.claim + 1,
      owner = excluded.owner,
      topic_id = excluded.topic_id,
      next_offset = case when held.topic_id = excluded.topic_id then held.next_offset else excluded.next_offset end,
      last_delivery = case when held.topic_id = excluded.topic_id then held.last_delivery end
    returning topic, partition, next_offset as "nextOffset", claim`.execute(transaction);
  const lost = rows.filter((row) => {
    const range = request.partitions.find(
      (each) => each.topic === row.topic && each.partition === row.partition,
    );
    return range !== undefined && row.nextOffset > range.end;
  });
  if (lost.length === 0) return rows;
  await sql`
    update positions set next_offset = log.start, last_delivery = null
      from json_to_recordset(${JSON.stringify(request.partitions)}::json)
        as log(topic text, partition integer, start bigint, "end" bigint)
     where consumer = ${request.consumer} and positions.topic = log.topic
       and positions.partition = log.partition and positions.next_offset > log."end"`.execute(transaction);
  const starts = new Map(request.partitions.map((each) => [`${each.topic}/${each.partition}`, each.start]));
  return rows.map((row) =>
    lost.includes(row) ? { ...row, nextOffset: starts.get(`${row.topic}/${row.partition}`) ?? 0 } : row,
  );
}

/** `first` is for a row that was never there; one of another topic id begins at the start. */
const firstOffset = (consumer: string) => sql`
  case when exists (select from positions known where known.consumer = ${consumer}
                       and known.topic = log.topic and known.partition = log.partition)
       then start else coalesce(first, start) end`;

/** Locks the rows of these positions and returns what they say now. */
export async function lockPositions(
  transaction: Queries,
  consumer: string,
  positions: readonly { readonly topic: TopicName; readonly partition: number }[],
): Promise<readonly Position[]> {
  const { rows } = await sql<Position>`
    select topic, partition, next_offset as "nextOffset", claim from positions
     where consumer = ${consumer}
       and (topic, partition) in (
         select topic, partition from json_to_recordset(${JSON.stringify(positions)}::json)
           as wanted(topic text, partition integer))
     order by topic, partition
       for update`.execute(transaction);
  return rows;
}

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
