import type { Transaction } from 'kysely';
import type { Classifier } from '../../classification/classifier.ts';
import { formatKey, type IssueKey } from '../../contracts/issue.ts';
import type { Queries } from '../../database/database.ts';
import { knownDeliveries } from '../../database/intake-reads.ts';
import { insertEvents } from '../../database/intake-writes.ts';
import { lockIssueKeys } from '../../database/key-locks.ts';
import { lockPositions, movePositions } from '../../database/positions.ts';
import type { Tables } from '../../database/tables.ts';
import type { Verdict } from '../../domain/fold-events.ts';
import type { IssueEvent } from '../../domain/issue-event.ts';
import type { RetrySchedule } from '../../domain/retry-schedule.ts';
import type { Effects } from '../../effects/effects.ts';
import { foldedRow, issueOf } from './event-rows.ts';
import { failedRows } from './failed-rows.ts';
import { unreadable } from './failure.ts';
import { type FoldDependencies, foldIssues } from './fold-issues.ts';
import type { PreparedBatch, PreparedRecord } from './prepare.ts';
import { advance, type BatchStart, fitsPositions } from './progress.ts';
import { eventsOf } from './read-record.ts';
import type { OfferedModel } from './upgrade/offer-contents.ts';
import { writeIssues } from './write-issues.ts';

export interface TakeInContext {
  readonly consumer: string;
  readonly classifier: Classifier;
  /** Absent: the local answer is all there is. */
  readonly model?: OfferedModel | undefined;
  readonly effects: Pick<Effects, 'clock' | 'randomness'>;
  readonly retries: RetrySchedule;
}

export type TakenIn =
  | { readonly kind: 'taken'; readonly classified: number; readonly statuses: ReadonlyMap<string, number> }
  /** Another member has claimed the partitions, or the position was moved: nothing was written. */
  | { readonly kind: 'fenced' };

/**
 * One batch, in the caller's transaction: lock positions, lock issue keys in order, only then read, fold in pure
 * code, write everything together with the next offsets.
 */
export async function takeIn(
  transaction: Transaction<Tables>,
  context: TakeInContext,
  batch: PreparedBatch,
  start: BatchStart,
): Promise<TakenIn> {
  const positions = await lockPositions(transaction, context.consumer, [...start.values()]);
  if (!fitsPositions(positions, start)) return { kind: 'fenced' };

  await lockIssueKeys(transaction, keysOf(batch.records));
  const fresh = await dropKnown(transaction, batch.records);
  const { classifier, model, effects, retries } = context;
  const foldOf = { classifier, model, answers: batch.answers, clock: effects.clock };
  const { verdicts, classified } = await takeInEvents(transaction, foldOf, eventsOf(fresh));

  const folded = fresh.flatMap((prepared) => {
    const verdict = verdicts.get(prepared.deliveryId) ?? ({ status: 'unchanged', reason: null } as const);
    return prepared.read.kind === 'event' ? [foldedRow(prepared, verdict)] : [];
  });
  const failures = fresh.flatMap((prepared) =>
    prepared.read.kind === 'event' ? [] : [{ prepared, failure: unreadable(prepared.read.reason) }],
  );
  const rows = [...folded, ...(await failedRows(transaction, { effects, retries }, failures))];
  await insertEvents(transaction, rows);
  await movePositions(transaction, context.consumer, advance(batch.records));
  const statuses = Map.groupBy(rows, (row) => row.status);
  return {
    kind: 'taken',
    classified,
    statuses: new Map([...statuses].map(([status, of]) => [status, of.length])),
  };
}

export interface FoldedEvents {
  /** What became of each event, by delivery id. */
  readonly verdicts: ReadonlyMap<string, Verdict>;
  /** Contents that got a new answer. */
  readonly classified: number;
}

/**
 * Folds events into their issues and writes those: the one way in, for new events and for failed ones that are tried
 * again. The caller holds the keys' locks, and writes the events.
 */
export async function takeInEvents(
  transaction: Queries,
  { clock, model, ...dependencies }: FoldDependencies & Pick<Effects, 'clock'> & Pick<TakeInContext, 'model'>,
  events: readonly IssueEvent[],
): Promise<FoldedEvents> {
  const issues = await foldIssues(transaction, dependencies, events);
  // Only now: a version drawn before the locks could lie below one that another clock drew meanwhile.
  const classifiers = { local: dependencies.classifier, model: model ?? null };
  const classified = await writeIssues(transaction, classifiers, issues, clock.now());
  return { verdicts: new Map(issues.flatMap(({ folded }) => [...folded.verdicts])), classified };
}

const keysOf = (records: readonly PreparedRecord[]): IssueKey[] => [
  ...new Map(
    records.flatMap((each) => {
      const key = issueOf(each);
      return key === null ? [] : [[formatKey(key), key] as const];
    }),
  ).values(),
];

/** Deliveries that are stored already drop out, and of two in one batch the second. */
async function dropKnown(
  transaction: Queries,
  records: readonly PreparedRecord[],
): Promise<readonly PreparedRecord[]> {
  const known = new Set(
    await knownDeliveries(
      transaction,
      records.map((each) => each.deliveryId),
    ),
  );
  return records.filter(({ deliveryId }) => {
    if (known.has(deliveryId)) return false;
    known.add(deliveryId);
    return true;
  });
}
