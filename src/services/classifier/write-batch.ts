import { formatKey, parseKey } from '../../contracts/issue.ts';
import { topics } from '../../contracts/topics.ts';
import type { Queries } from '../../database/database.ts';
import { deleteThroughLedger } from '../../database/deletions.ts';
import {
  type EventRow,
  insertEvents,
  upsertIssues,
  upsertLocalClassifications,
} from '../../database/intake-writes.ts';
import { owe } from '../../database/outbox.ts';
import { type MovedPosition, movePositions } from '../../database/positions.ts';
import type { Verdict } from '../../domain/fold-events.ts';
import { instant } from '../../domain/instant.ts';
import { storableText } from '../../domain/storable-text.ts';
import { nextVersion } from '../../domain/version.ts';
import { eventsOf, type PreparedRecord } from './prepare.ts';
import type { FoldedIssue, TakeInContext } from './take-in.ts';

export interface Written {
  readonly classified: number;
  /** How many deliveries got which status. */
  readonly statuses: ReadonlyMap<string, number>;
}

/** Writes what the fold decided, and the next offsets with it: one statement a table. A fold that changed nothing owes nobody anything. */
export async function writeBatch(
  transaction: Queries,
  context: TakeInContext,
  fresh: readonly PreparedRecord[],
  issues: readonly FoldedIssue[],
  moved: readonly MovedPosition[],
): Promise<Written> {
  const now = context.nowMs;
  const verdicts = new Map(issues.flatMap(({ folded }) => [...folded.verdicts]));
  const events = fresh.map((each) => toRow(each, verdicts.get(each.deliveryId), now));

  const versioned = issues.map((issue) => ({
    ...issue,
    version: nextVersion([issue.stored.version, issue.stored.ledger?.version], now),
  }));
  const changed = versioned.flatMap(({ key, folded, contentHash, version }) =>
    folded.outcome === 'changed' && contentHash !== null
      ? [{ ...key, issue: folded.issue, version, contentHash }]
      : [],
  );
  const deleted = versioned.flatMap(({ key, stored, folded, version }) => {
    if (folded.outcome !== 'deleted') return [];
    const repository = stored.held?.state.repository ?? nameOf(fresh, formatKey(key));
    const deletedAt = new Date(now).toISOString();
    return [
      {
        ...key,
        repository,
        version,
        deletedAt,
        reason: folded.reason,
        deletedBy: folded.by ?? 'github',
      },
    ];
  });
  const classifier = `${context.classifier.name}@${context.classifier.version}`;
  const answered = versioned.flatMap(({ key, stored, contentHash, answer }) => {
    if (answer === null || contentHash === null) return [];
    const { category, priority } = stored.corrections;
    return [
      {
        ...key,
        contentHash,
        answer,
        classifier,
        cacheKey: `${classifier}/${key.repositoryId}/${contentHash}`,
        category: category ?? answer.category.value,
        confidence: category === undefined ? answer.category.confidence : 1,
        priority: priority ?? answer.priority.value,
        shownSource: Object.keys(stored.corrections).length > 0 ? ('person' as const) : ('local' as const),
      },
    ];
  });
  const owed = [
    ...changed.map((each) => ({ topic: topics.enriched, key: formatKey(each), version: each.version })),
    ...deleted.flatMap((each) =>
      [topics.enriched, topics.deletions].map((topic) => ({
        topic,
        key: formatKey(each),
        version: each.version,
      })),
    ),
  ];
  await insertEvents(transaction, events);
  await upsertIssues(transaction, changed);
  await upsertLocalClassifications(transaction, answered);
  await deleteThroughLedger(transaction, deleted);
  await owe(transaction, owed);
  await movePositions(transaction, context.consumer, moved);
  const statuses = Map.groupBy(events, (event) => event.status);
  return {
    classified: answered.length,
    statuses: new Map([...statuses].map(([status, rows]) => [status, rows.length])),
  };
}

const nameOf = (fresh: readonly PreparedRecord[], key: string): string =>
  eventsOf(fresh).find((event) => formatKey(event.key) === key)?.state.repository ?? '';

/**
 * An event without a verdict could not be read: it is stored as failed and nothing waits for it. Whatever the record
 * is, the row is one that the database takes: there is nowhere else to put it.
 */
export function toRow(
  prepared: PreparedRecord,
  verdict: Verdict | undefined,
  nowMs: number,
  failure?: string,
): EventRow {
  const { record, read, headers, deliveryId, payload } = prepared;
  const event = read.kind === 'event' ? read.event : null;
  const key = event?.key ?? parseKey(record.key);
  const failed = failure ?? (read.kind === 'unreadable' ? read.reason : null);
  const reason = failed ?? verdict?.reason ?? null;
  const status = failed !== null ? 'failed' : (verdict?.status ?? 'unchanged');
  return {
    delivery_id: deliveryId,
    repository_id: key?.repositoryId ?? null,
    number: key?.number ?? null,
    event: headers?.event ?? 'unknown',
    action: headers?.action ?? 'unknown',
    updated_at: event ? instant(event.second) : null,
    rank: event?.rank ?? 2,
    received_at: new Date(
      headers ? Number(headers['received-at']) : storableTime(record.timestamp),
    ).toISOString(),
    status,
    reason: reason && storableText(reason),
    origin: headers?.origin ?? 'github',
    actor: event?.actor ?? null,
    correlation_id: headers?.['correlation-id'] ?? '',
    topic: record.topic,
    partition: record.partition,
    log_offset: record.offset,
    record_key: storableText(record.key),
    payload: payload?.toString('base64') ?? null,
    first_failed_at: status === 'failed' ? new Date(nowMs).toISOString() : null,
  };
}

/** Any producer may give a record any timestamp; the next possible one of the years 1970 to 5138. */
const storableTime = (ms: number): number => Math.min(Math.max(ms, 0), 99_999_999_999_999);
