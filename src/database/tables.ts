import type { ColumnType, Generated, JSONColumnType } from 'kysely';
import type { Answer, Correction, FieldName } from '../contracts/classification.ts';
import type { Origin } from '../contracts/issue.ts';
import type { EventStatus } from '../domain/event-status.ts';
import type { Guards } from '../domain/issue-event.ts';

/** Read as a Date, written as a Date or ISO 8601 text. */
type Timestamp = ColumnType<Date, Date | string, Date | string>;
type NullableTimestamp = ColumnType<Date | null, Date | string | null | undefined, Date | string | null>;
/** bigint columns are read as numbers: both drivers parse int8 so, since offsets, ids and versions stay below 2^53. */
type Int8 = number;

export interface EventsTable {
  delivery_id: string;
  repository_id: Int8 | null;
  number: number | null;
  event: string;
  action: string;
  updated_at: NullableTimestamp;
  rank: number;
  received_at: Timestamp;
  status: EventStatus;
  reason: string | null;
  origin: Origin;
  actor: string | null;
  correlation_id: string;
  topic: string;
  partition: number;
  log_offset: Int8;
  record_key: string;
  payload: Uint8Array | null;
  attempts: Generated<number>;
  next_try_at: NullableTimestamp;
  first_failed_at: NullableTimestamp;
  last_failed_at: NullableTimestamp;
  processed_at: Generated<Date>;
  record: JSONColumnType<FailedRecord> | null;
  failure: string | null;
}

/** Of a failed record what no other column holds as it was. */
export interface FailedRecord {
  readonly key: string;
  readonly headers: Readonly<Record<string, string>>;
  /** Milliseconds since 1970, as the log had it. */
  readonly timestamp: number;
}

export interface IssuesTable {
  repository_id: Int8;
  number: number;
  repository: string;
  title: string;
  body: string | null;
  state: 'open' | 'closed';
  state_reason: string | null;
  author: string | null;
  author_association: string | null;
  labels: JSONColumnType<string[]>;
  assignees: JSONColumnType<string[]>;
  milestone: string | null;
  issue_type: string | null;
  locked: boolean;
  lock_reason: string | null;
  pinned: boolean;
  comments: number;
  url: string;
  created_at: Timestamp;
  updated_at: Timestamp;
  closed_at: NullableTimestamp;
  origin: Origin;
  content_hash: string;
  guards: JSONColumnType<Guards>;
  version: Int8;
}

export interface ClassificationsTable {
  repository_id: Int8;
  number: number;
  content_hash: string;
  source: 'local' | 'model';
  classifier: string;
  cache_key: string;
  answer: JSONColumnType<Answer>;
  degraded: string | null;
  category: string;
  confidence: number;
  priority: string;
  shown_source: 'local' | 'model' | 'person';
  classified_at: Generated<Date>;
}

export interface CorrectionsTable {
  repository_id: Int8;
  number: number;
  field: FieldName;
  value: JSONColumnType<{ [F in FieldName]: Correction[F] }[FieldName] & object>;
  corrected_by: string;
  corrected_at: Generated<Date>;
}

export interface AiAnswersTable {
  cache_key: string;
  repository_id: Int8;
  content_hash: string;
  classifier: string;
  answer: JSONColumnType<Answer>;
  answered_at: Generated<Date>;
}

export interface AiTasksTable {
  repository_id: Int8;
  number: number;
  content_hash: string;
  live: boolean;
  token: Generated<Int8>;
  /** Calls for it that failed by the world's fault: they only lengthen the wait for the next one. */
  attempts: Generated<number>;
  /** From when on it may be claimed; the end of the lease while it is in somebody's hand. */
  due_at: Generated<Date>;
  leased_until: NullableTimestamp;
  created_at: Generated<Date>;
}

export interface AiCallsTable {
  cache_key: string;
  token: Generated<Int8>;
  leased_until: Timestamp;
  begun: number;
  refusals: Generated<number>;
}

export interface AiContentsTable {
  repository_id: Int8;
  number: number;
  content_hash: string;
}

export interface OutboxTable {
  topic: string;
  key: string;
  version: Int8;
}

export interface PositionsTable {
  consumer: string;
  topic: string;
  partition: number;
  topic_id: string;
  next_offset: Int8;
  last_delivery: string | null;
  claim: Generated<Int8>;
  owner: string | null;
  moved_at: Generated<Date>;
  mirrored_offset: Int8 | null;
  moved_to: Int8 | null;
  moved_seen_at: NullableTimestamp;
}

export interface DeletionsTable {
  repository_id: Int8;
  number: number;
  repository: string;
  version: Int8;
  deleted_at: Timestamp;
  state_updated_at: NullableTimestamp;
  reason: 'person' | 'github-deleted' | 'github-transferred' | 'sample';
  deleted_by: string;
  permanent: boolean;
  lifted_at: NullableTimestamp;
}

export interface PairingTable {
  only_row: Generated<boolean>;
  database_id: Generated<string>;
  feed_id: Generated<string>;
  cluster_id: string | null;
  topic_ids: JSONColumnType<Record<string, string>> | null;
  paired_at: NullableTimestamp;
  log_names: string | null;
  log_topic_id: string | null;
  log_read: JSONColumnType<Record<string, number>>;
}

export interface PairingChoicesTable {
  id: Generated<Int8>;
  choice: 'rebuild' | 'adopt';
  reason: string;
  cluster_id: string;
  topic_ids: JSONColumnType<Record<string, string>>;
  records: Int8;
  chosen_at: Generated<Date>;
  finished_at: NullableTimestamp;
  abandoned_at: NullableTimestamp;
}

export interface LeasesTable {
  name: string;
  holder: string;
  token: Int8;
  expires_at: Timestamp;
}

export interface AuditTable {
  id: Generated<Int8>;
  at: Generated<Date>;
  actor: string;
  action: string;
  details: JSONColumnType<Record<string, unknown>>;
}

export interface Tables {
  events: EventsTable;
  issues: IssuesTable;
  classifications: ClassificationsTable;
  corrections: CorrectionsTable;
  ai_answers: AiAnswersTable;
  ai_tasks: AiTasksTable;
  ai_calls: AiCallsTable;
  ai_contents: AiContentsTable;
  outbox: OutboxTable;
  positions: PositionsTable;
  deletions: DeletionsTable;
  pairing: PairingTable;
  pairing_choices: PairingChoicesTable;
  leases: LeasesTable;
  audit: AuditTable;
}
