import type { Transaction } from 'kysely';
import type { Content } from '../../../classification/classifier.ts';
import { readAnswers } from '../../../database/ai-answers.ts';
import { beginCalls, forgetCalls, type HeldCall } from '../../../database/ai-calls.ts';
import { parkTasks, readTaskFacts, type TaskFacts, takeTasks } from '../../../database/ai-claims.ts';
import { dropTasks, type HeldTask } from '../../../database/ai-tasks.ts';
import type { Database } from '../../../database/database.ts';
import type { Tables } from '../../../database/tables.ts';
import { cacheKey } from '../../../domain/cache-key.ts';
import { refusalsAllowed } from './refusal-schedule.ts';

/** A task in hand, under a lease. */
export type Task = HeldTask & { readonly cacheKey: string };

export type Work =
  /** The model has to be asked, and nobody else asks it. */
  | { readonly kind: 'ask'; readonly task: Task; readonly call: HeldCall; readonly content: Content }
  /** Its text was answered before. */
  | { readonly kind: 'answered'; readonly task: Task }
  /** Its text was refused as often as it is tried. */
  | { readonly kind: 'refused'; readonly task: Task };

/** Behind which repository the next claim goes on, of live tasks and of imports. */
export interface Turns {
  readonly live: number | null;
  readonly imported: number | null;
}

export const firstTurns: Turns = { live: null, imported: null };

export interface Claim {
  /** Of `classifierName`. */
  readonly classifier: string;
  readonly limit: number;
  readonly leaseMs: number;
  readonly turns: Turns;
}

export interface Claimed {
  readonly work: readonly Work[];
  readonly turns: Turns;
  /** Whether more may be due already. */
  readonly more: boolean;
}

/**
 * Claims due tasks and, for those whose text nobody has answered or asks about, the call: in one transaction, task rows
 * before call rows, and without waiting for any task row.
 */
export function claimWork(database: Database, claim: Claim): Promise<Claimed> {
  return database.transaction(async (transaction) => {
    const { limit, leaseMs, turns } = claim;
    const live = await takeTasks(transaction, { live: true, limit, leaseMs, after: turns.live });
    const left = limit - live.tasks.length;
    const imported =
      left > 0
        ? await takeTasks(transaction, { live: false, limit: left, leaseMs, after: turns.imported })
        : { tasks: [], next: turns.imported };
    const tasks = [...live.tasks, ...imported.tasks].map((task) => ({
      ...task,
      cacheKey: cacheKey(claim.classifier, task.repositoryId, task.contentHash),
    }));
    const next = { live: live.next, imported: imported.next };
    const isFull = tasks.length === limit;
    return {
      work: tasks.length === 0 ? [] : await sortOut(transaction, tasks, leaseMs),
      turns: next,
      more: isFull || next.live !== null || next.imported !== null,
    };
  });
}

async function sortOut(
  transaction: Transaction<Tables>,
  tasks: readonly Task[],
  leaseMs: number,
): Promise<readonly Work[]> {
  const facts = await readTaskFacts(transaction, tasks);
  const known = tasks.map((task, index) => ({ task, facts: facts[index] as TaskFacts }));
  // Nobody waits for them: edited while no model was configured, or removed with plain SQL.
  const gone = known.filter(({ facts }) => facts.content === null);
  await dropTasks(
    transaction,
    gone.map(({ task }) => task),
  );
  const asking = known.filter(({ facts }) => isOpen(facts));
  const begun = await beginCalls(
    transaction,
    asking.map(({ task }) => task.cacheKey),
    leaseMs,
  );
  // Whoever held such a call a moment ago has stored its answer before he let it go.
  const answered = await readAnswers(
    transaction,
    begun.map((call) => call.cacheKey),
  );
  await forgetCalls(
    transaction,
    begun.filter((call) => answered.has(call.cacheKey)),
  );
  const calls = new Map(begun.map((call) => [call.cacheKey, call]));
  const work: Work[] = [];
  const parked: Task[] = [];
  for (const { task, facts } of known) {
    if (facts.content === null) continue;
    if (facts.answered || answered.has(task.cacheKey)) work.push({ kind: 'answered', task });
    else if (!isOpen(facts)) work.push({ kind: 'refused', task });
    else {
      const call = calls.get(task.cacheKey);
      // The next one about the same text waits for the first one's answer.
      calls.delete(task.cacheKey);
      if (!call) parked.push(task);
      else
        work.push({
          kind: 'ask',
          task,
          call,
          content: { repositoryId: task.repositoryId, ...facts.content },
        });
    }
  }
  await parkTasks(transaction, parked);
  return work;
}

const isOpen = ({ content, answered, refusals }: TaskFacts): boolean =>
  content !== null && !answered && refusals < refusalsAllowed;
