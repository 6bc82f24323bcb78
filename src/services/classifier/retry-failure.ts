import type { Transaction } from 'kysely';
import { topics } from '../../contracts/topics.ts';
import type { Database } from '../../database/database.ts';
import {
  claimFailure,
  type FailedEvent,
  postponeFailure,
  settleFailure,
  storeFailedTry,
} from '../../database/failed-events.ts';
import { tryLockIssueKey } from '../../database/key-locks.ts';
import { owe } from '../../database/outbox.ts';
import { decompressPayload } from '../../database/payload-bytes.ts';
import type { Tables } from '../../database/tables.ts';
import type { EventStatus } from '../../domain/event-status.ts';
import { nextTry } from '../../domain/retry-schedule.ts';
import { nextVersion } from '../../domain/version.ts';
import { foldedRow } from './event-rows.ts';
import { type Failure, failureOf, isWorldsFault, unreadable } from './failure.ts';
import type { PreparedRecord } from './prepare.ts';
import { readRecord } from './read-record.ts';
import { type TakeInContext, takeInEvents } from './take-in.ts';

export type Retried =
  /** Nothing is due, or others are at work on all that is. */
  | { readonly kind: 'none' }
  /** Its issue is locked by somebody; it will be due again in a moment. */
  | { readonly kind: 'postponed' }
  | { readonly kind: 'tried'; readonly status: EventStatus; readonly classified: number };

const postponedMs = 100;

/**
 * Tries the failed event that has been due longest once more, in one transaction: it takes the event's row, then its
 * issue's lock, and goes the way of every event from there. A failure by its own fault is counted on the row; after
 * the last one the event is dead, and owed to `issues.dead-letter`. The world's faults reject and count nothing.
 */
export async function retryFailure(database: Database, context: TakeInContext): Promise<Retried> {
  let claimed: FailedEvent | null = null;
  try {
    return await database.transaction(async (transaction) => {
      claimed = await claimFailure(transaction, context.effects.clock.now());
      return claimed === null ? { kind: 'none' } : await tryAgain(transaction, context, claimed);
    });
  } catch (error) {
    if (claimed === null || isWorldsFault(error)) throw error;
    const failed = claimed;
    return await database.transaction((transaction) =>
      countFailure(transaction, context, failed, failureOf(error)),
    );
  }
}

async function tryAgain(
  transaction: Transaction<Tables>,
  context: TakeInContext,
  failed: FailedEvent,
): Promise<Retried> {
  const prepared = await restoreRecord(failed);
  if (prepared.read.kind === 'unreadable') {
    return countFailure(transaction, context, failed, unreadable(prepared.read.reason));
  }
  const { classifier, model, effects } = context;
  const { event } = prepared.read;
  // Waiting for it with the row in hand could deadlock with who has the key and wants the row.
  if (!(await tryLockIssueKey(transaction, event.key))) {
    await postponeFailure(transaction, failed.deliveryId, effects.clock.now() + postponedMs);
    return { kind: 'postponed' };
  }
  const foldOf = { classifier, model, answers: new Map(), clock: effects.clock };
  const { verdicts, classified } = await takeInEvents(transaction, foldOf, [event]);
  const row = foldedRow(prepared, verdicts.get(event.deliveryId) ?? { status: 'unchanged', reason: null });
  await settleFailure(transaction, row);
  return { kind: 'tried', status: row.status, classified };
}

/** The record as it came, read anew: the program may have learnt to read it. Its row keeps its delivery id. */
async function restoreRecord(failed: FailedEvent): Promise<PreparedRecord> {
  const { deliveryId, topic, partition, offset, record, payload } = failed;
  const value = payload && (await decompressPayload(payload));
  const prepared = readRecord({ topic, partition, offset, ...record, value });
  const { read } = prepared;
  return {
    ...prepared,
    deliveryId,
    read: read.kind === 'event' ? { ...read, event: { ...read.event, deliveryId } } : read,
    payload: payload && Buffer.from(payload),
  };
}

async function countFailure(
  transaction: Transaction<Tables>,
  { effects, retries }: TakeInContext,
  { deliveryId, attempts }: FailedEvent,
  { kind, message }: Failure,
): Promise<Retried> {
  const atMs = effects.clock.now();
  const next = nextTry(retries, attempts + 1, effects.randomness.fraction());
  const nextTryAtMs = next.kind === 'dead' ? null : atMs + next.afterMs;
  const failed = { deliveryId, attempts, failure: kind, reason: message, atMs, nextTryAtMs };
  if (!(await storeFailedTry(transaction, failed))) return { kind: 'none' };
  if (next.kind === 'retry') return { kind: 'tried', status: 'failed', classified: 0 };
  await owe(transaction, [{ topic: topics.deadLetter, key: deliveryId, version: nextVersion([], atMs) }]);
  return { kind: 'tried', status: 'dead', classified: 0 };
}
