import { formatKey } from '../../../contracts/issue.ts';
import { topics } from '../../../contracts/topics.ts';
import { type CallEnd, endCall, type HeldCall, readRefusals } from '../../../database/ai-calls.ts';
import { endTask, returnTask, wakeEqualTasks } from '../../../database/ai-tasks.ts';
import { readUpgradable, setDegraded } from '../../../database/ai-upgrades.ts';
import type { Queries } from '../../../database/database.ts';
import { lockIssueKeys } from '../../../database/key-locks.ts';
import { owe } from '../../../database/outbox.ts';
import { setVersions } from '../../../database/sent-records.ts';
import { modelAway, refusedByModel } from '../../../domain/degraded.ts';
import { type GrowingDelay, growingDelay } from '../../../domain/growing-delay.ts';
import { nextTry } from '../../../domain/retry-schedule.ts';
import { nextVersion } from '../../../domain/version.ts';
import type { Task } from './claim-work.ts';
import { refusalSchedule } from './refusal-schedule.ts';
import type { Settling } from './settle-answer.ts';

/** How long a task waits whose call failed by the world's fault. */
const worldsDelay: GrowingDelay = { firstMs: 1_000, longestMs: 60_000, jitter: 0.2 };

/**
 * The world was at fault: the local answer stands, marked with the reason, and the task waits, ever longer. Nothing
 * counts as one of the content's tries.
 * @param end `unknown`: the call was given up, and may be paid twice
 */
export function settleFailure(
  { database, clock }: Settling,
  task: Task,
  call: HeldCall,
  end: Extract<CallEnd, 'failed' | 'unknown'>,
  fraction: number,
): Promise<void> {
  return database.transaction(async (transaction) => {
    await lockIssueKeys(transaction, [task]);
    await showDegraded(transaction, task, modelAway, clock.now());
    const failures = task.attempts + 1;
    await returnTask(transaction, task, growingDelay(worldsDelay, failures, fraction), failures);
    await endCall(transaction, call, end);
  });
}

/**
 * A task whose call came to nothing here: whoever comes next may go on.
 * @param end `unknown`: the service stops with the call under way
 */
export function giveBack(
  { database }: Settling,
  task: Task,
  call: HeldCall,
  end: Extract<CallEnd, 'unasked' | 'unknown'>,
  dueInMs: number,
): Promise<void> {
  return database.transaction(async (transaction) => {
    await returnTask(transaction, task, dueInMs, task.attempts);
    await endCall(transaction, call, end);
  });
}

/**
 * The model refused the text: it is asked again after a while, and after the last try the issue keeps its local answer,
 * marked with the reason. Issues with the same text share the count.
 */
export function settleRefusal(
  settling: Settling,
  task: Task,
  call: HeldCall,
  fraction: number,
): Promise<'returned' | 'given-up'> {
  const { database } = settling;
  return database.transaction(async (transaction) => {
    await lockIssueKeys(transaction, [task]);
    // Read, not yet counted: call rows come after task rows, as everybody takes them.
    const refusals = await readRefusals(transaction, call);
    const next =
      refusals === null
        ? ({ kind: 'retry', afterMs: 0 } as const)
        : nextTry(refusalSchedule, refusals + 1, fraction);
    if (next.kind === 'retry') await returnTask(transaction, task, next.afterMs, task.attempts);
    else await giveUp(transaction, settling, task);
    await endCall(transaction, call, 'refused');
    if (next.kind === 'retry') return 'returned';
    await wakeEqualTasks(transaction, task);
    return 'given-up';
  });
}

/** A task whose text was refused as often as it is tried, for another issue or before: the model is not asked. */
export function settleRefused(settling: Settling, task: Task): Promise<void> {
  return settling.database.transaction(async (transaction) => {
    await lockIssueKeys(transaction, [task]);
    await giveUp(transaction, settling, task);
    await wakeEqualTasks(transaction, task);
  });
}

async function giveUp(transaction: Queries, { clock }: Settling, task: Task): Promise<void> {
  await showDegraded(transaction, task, refusedByModel, clock.now());
  await endTask(transaction, task);
}

/** Readers see the reason, so it is a new state; only where the task's content still has its local answer. */
async function showDegraded(
  transaction: Queries,
  task: Task,
  degraded: string,
  nowMs: number,
): Promise<void> {
  const { issue, current, ledgerVersion } = await readUpgradable(transaction, task);
  const isLocal = current?.source === 'local' && current.contentHash === task.contentHash;
  if (issue?.contentHash !== task.contentHash || !isLocal || current.degraded === degraded) return;
  const { repositoryId, number } = task;
  const version = nextVersion([issue.version, ledgerVersion], nowMs);
  await setDegraded(transaction, task, degraded);
  await setVersions(transaction, [{ repositoryId, number, version, row: 'issue' }]);
  await owe(transaction, [{ topic: topics.enriched, key: formatKey(task), version }]);
}
