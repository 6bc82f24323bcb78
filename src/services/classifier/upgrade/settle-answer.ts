import type { Answer } from '../../../contracts/classification.ts';
import { formatKey } from '../../../contracts/issue.ts';
import { topics } from '../../../contracts/topics.ts';
import { keepAnswer, readAnswers } from '../../../database/ai-answers.ts';
import { forgetCalls, type HeldCall, holdsCall } from '../../../database/ai-calls.ts';
import { endTask, wakeEqualTasks } from '../../../database/ai-tasks.ts';
import { isWantedElsewhere, readUpgradable } from '../../../database/ai-upgrades.ts';
import type { Database, Queries } from '../../../database/database.ts';
import { upsertClassifications } from '../../../database/intake-writes.ts';
import { lockIssueKeys } from '../../../database/key-locks.ts';
import { owe } from '../../../database/outbox.ts';
import { setVersions } from '../../../database/sent-records.ts';
import { nextVersion } from '../../../domain/version.ts';
import type { Clock } from '../../../effects/clock.ts';
import type { Task } from './claim-work.ts';
import { currentAnswer } from './offer-contents.ts';

export interface Settling {
  readonly database: Database;
  readonly clock: Clock;
  /** Of `classifierName`. */
  readonly classifier: string;
}

/** Whether the issue shows another answer now; `not-held`: the call is gone, and nothing was written. */
export type Settled = 'upgraded' | 'unchanged' | 'not-held';

export interface Asked {
  readonly answer: Answer;
  readonly call: HeldCall;
  /** Whether the answer is stored also when the call is gone. */
  readonly late: boolean;
}

/**
 * Settles a task with its answer, in one transaction: the key's lock, then reads, then writes. The answer is stored
 * whatever became of the issue meanwhile, and made current only for its own content; what people set stays. The task and
 * the call go only by their own tokens. A holder whose lease is over still stores what was paid for, no more.
 * @param asked null: the stored answer is there already
 */
export function settleAnswer(
  { database, clock, classifier }: Settling,
  task: Task,
  asked: Asked | null,
): Promise<Settled> {
  return database.transaction(async (transaction) => {
    await lockIssueKeys(transaction, [task]);
    if (asked && !asked.late && !(await holdsCall(transaction, asked.call))) return 'not-held';
    const held = await readUpgradable(transaction, task);
    const { issue, current } = held;
    const mayKeep = !held.isErased || (await isWantedElsewhere(transaction, task, task.contentHash));
    const answer = mayKeep ? await storedAnswer(transaction, classifier, task, asked?.answer ?? null) : null;
    const isCurrent = current?.cacheKey === task.cacheKey && current.contentHash === task.contentHash;
    const fits = answer !== null && issue?.contentHash === task.contentHash && !isCurrent;
    if (fits) {
      const { repositoryId, number, contentHash } = task;
      // Only now: a version drawn before the lock could lie below one that another clock drew meanwhile.
      const version = nextVersion([issue.version, held.ledgerVersion], clock.now());
      const answered = {
        repositoryId,
        number,
        contentHash,
        classifier,
        answer,
        corrections: held.corrections,
      };
      await upsertClassifications(transaction, [currentAnswer(answered, 'model', null)]);
      await setVersions(transaction, [{ repositoryId, number, version, row: 'issue' }]);
      await owe(transaction, [{ topic: topics.enriched, key: formatKey(task), version }]);
    }
    await endTask(transaction, task);
    // The call after the task, as everybody takes them; the others after the call, or they would find it held.
    await forgetCalls(transaction, asked ? [asked.call] : []);
    await wakeEqualTasks(transaction, task);
    return fits ? 'upgraded' : 'unchanged';
  });
}

async function storedAnswer(
  transaction: Queries,
  classifier: string,
  { cacheKey, repositoryId, contentHash }: Task,
  answer: Answer | null,
): Promise<Answer | null> {
  if (answer !== null)
    return keepAnswer(transaction, { cacheKey, repositoryId, contentHash, classifier, answer });
  const stored = await readAnswers(transaction, [cacheKey]);
  return stored.get(cacheKey) ?? null;
}
