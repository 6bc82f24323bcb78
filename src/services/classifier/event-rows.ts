import { type IssueKey, parseKey } from '../../contracts/issue.ts';
import type { EventRow } from '../../database/intake-writes.ts';
import type { FailedRecord } from '../../database/tables.ts';
import type { Verdict } from '../../domain/fold-events.ts';
import { instant } from '../../domain/instant.ts';
import { storableText } from '../../domain/storable-text.ts';
import type { Failure } from './failure.ts';
import type { PreparedRecord } from './prepare.ts';

/** An event that was folded, as its row. */
export function foldedRow(prepared: PreparedRecord, verdict: Verdict): EventRow {
  const reason = verdict.reason && storableText(verdict.reason);
  const kept = verdict.isForgotten ? { payload: null, actor: null } : {};
  return { ...rowOf(prepared), ...kept, status: verdict.status, reason, failed: null };
}

/** The issue that a record is about, as far as the record can be read. */
export const issueOf = ({ record, read }: PreparedRecord): IssueKey | null =>
  read.kind === 'event' ? read.event.key : parseKey(record.key);

/**
 * An event that failed by its own fault, as a row that it is tried again from. Whatever the record is, the row is one
 * that the database takes: there is nowhere else to put it.
 */
export function failedRow(
  prepared: PreparedRecord,
  failure: Failure,
  when: { readonly nowMs: number; readonly retryInMs: number },
): EventRow {
  const { key, headers, timestamp } = prepared.record;
  const record: FailedRecord = { key, headers, timestamp };
  return {
    ...rowOf(prepared),
    status: 'failed',
    reason: failure.message,
    failed: {
      record: JSON.stringify(record),
      failure: failure.kind,
      at: new Date(when.nowMs).toISOString(),
      nextTryAt: new Date(when.nowMs + when.retryInMs).toISOString(),
    },
  };
}

function rowOf(prepared: PreparedRecord): Omit<EventRow, 'status' | 'reason' | 'failed'> {
  const { record, read, headers, deliveryId, payload } = prepared;
  const event = read.kind === 'event' ? read.event : null;
  const key = issueOf(prepared);
  const receivedAt = headers ? Number(headers['received-at']) : storableTime(record.timestamp);
  return {
    delivery_id: deliveryId,
    repository_id: key?.repositoryId ?? null,
    number: key?.number ?? null,
    event: headers?.event ?? 'unknown',
    action: headers?.action ?? 'unknown',
    updated_at: event ? instant(event.second) : null,
    rank: event?.rank ?? 2,
    received_at: new Date(receivedAt).toISOString(),
    origin: headers?.origin ?? 'github',
    actor: event?.actor ?? null,
    correlation_id: headers?.['correlation-id'] ?? '',
    topic: record.topic,
    partition: record.partition,
    log_offset: record.offset,
    record_key: storableText(record.key),
    payload: payload?.toString('base64') ?? null,
  };
}

/** Any producer may give a record any timestamp; the next possible one of the years 1970 to 5138. */
const storableTime = (ms: number): number => Math.min(Math.max(ms, 0), 99_999_999_999_999);
