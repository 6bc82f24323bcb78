import type { Database } from '../../database/database.ts';
import { insertEvents } from '../../database/intake-writes.ts';
import { lockIssueKeys } from '../../database/key-locks.ts';
import { lockPositions, movePositions } from '../../database/positions.ts';
import { issueOf } from './event-rows.ts';
import { failedRows } from './failed-rows.ts';
import { BatchWaitsError, failureOf, isWorldsFault } from './failure.ts';
import type { PreparedBatch, PreparedRecord } from './prepare.ts';
import { advance, fitsPositions, type Progress } from './progress.ts';
import { type TakeInContext, type TakenIn, takeIn } from './take-in.ts';

export interface IntakeResult {
  readonly classified: number;
  readonly statuses: ReadonlyMap<string, number>;
}

/**
 * Takes a batch in, each part in one transaction. What fails by its own fault (a statement that the database
 * refuses) is halved until the culprit stands alone, which is then stored as failed, so that the ones beside it are
 * not held up. What fails by the world's fault rejects, and nothing of that part was written.
 */
export async function takeInBatch(
  database: Database,
  context: TakeInContext,
  batch: PreparedBatch,
  progress: Progress,
): Promise<'fenced' | IntakeResult> {
  const start = progress.startOf(batch.records);
  let result: TakenIn;
  try {
    result = await database.transaction((transaction) => takeIn(transaction, context, batch, start));
  } catch (error) {
    const [first] = batch.records;
    if (first && isWorldsFault(error)) throw new BatchWaitsError(error, first.record);
    return halve(database, context, batch, progress, error);
  }
  if (result.kind === 'fenced') return 'fenced';
  progress.moved(advance(batch.records));
  return result;
}

async function halve(
  database: Database,
  context: TakeInContext,
  batch: PreparedBatch,
  progress: Progress,
  error: unknown,
): Promise<'fenced' | IntakeResult> {
  const [only, ...more] = batch.records;
  if (only && more.length === 0) return storeFailure(database, context, only, progress, error);
  const middle = Math.ceil(batch.records.length / 2);
  const first = await takeInBatch(
    database,
    context,
    { ...batch, records: batch.records.slice(0, middle) },
    progress,
  );
  if (first === 'fenced') return first;
  const second = await takeInBatch(
    database,
    context,
    { ...batch, records: batch.records.slice(middle) },
    progress,
  );
  if (second === 'fenced') return second;
  return {
    classified: first.classified + second.classified,
    statuses: addUp(first.statuses, second.statuses),
  };
}

async function storeFailure(
  database: Database,
  context: TakeInContext,
  culprit: PreparedRecord,
  progress: Progress,
  error: unknown,
): Promise<'fenced' | IntakeResult> {
  const start = progress.startOf([culprit]);
  const key = issueOf(culprit);
  const stored = await database.transaction(async (transaction) => {
    const positions = await lockPositions(transaction, context.consumer, [...start.values()]);
    if (!fitsPositions(positions, start)) return 'fenced' as const;
    await lockIssueKeys(transaction, key === null ? [] : [key]);
    const rows = await failedRows(transaction, context, [{ prepared: culprit, failure: failureOf(error) }]);
    await insertEvents(transaction, rows);
    await movePositions(transaction, context.consumer, advance([culprit]));
    return rows;
  });
  if (stored === 'fenced') return stored;
  progress.moved(advance([culprit]));
  return { classified: 0, statuses: new Map(stored.map(({ status }) => [status, 1])) };
}

function addUp(a: ReadonlyMap<string, number>, b: ReadonlyMap<string, number>): ReadonlyMap<string, number> {
  const sum = new Map(a);
  for (const [status, count] of b) sum.set(status, (sum.get(status) ?? 0) + count);
  return sum;
}
