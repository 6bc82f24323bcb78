import type { Classifier } from '../../../classification/classifier.ts';
import type { Database } from '../../../database/database.ts';
import { classifyDatabaseError } from '../../../database/database-error.ts';
import { classifierName } from '../../../domain/cache-key.ts';
import type { Effects } from '../../../effects/effects.ts';
import { Backoff } from '../backoff.ts';
import type { Breaker } from './breaker.ts';
import { type Called, callModel } from './call-model.ts';
import type { Task, Work } from './claim-work.ts';
import { type Asked, type Settled, type Settling, settleAnswer } from './settle-answer.ts';
import { giveBack, settleFailure, settleRefusal, settleRefused } from './settle-failure.ts';
import type { UpgradeMetrics } from './upgrade-metrics.ts';

export interface Workplace {
  readonly database: Database;
  readonly model: Classifier;
  readonly effects: Effects;
  readonly metrics: UpgradeMetrics;
  readonly breaker: Breaker;
  /** Monotonic: a call is given up then. */
  readonly deadline: number;
  /** Whether neither the database nor the log has an answer to a text that was just claimed, so far as can be seen. */
  readonly mayAsk: (cacheKey: string) => Promise<boolean>;
  /** Whether the database knows everything that the log has of its issues by now; reads it first where that can be. */
  readonly knowsLog: () => Promise<boolean>;
  /** Nothing is waited for any longer. */
  readonly stopping: AbortSignal;
}

/** How long a task waits that was claimed when its text could not be asked about. */
const lookAgainMs = 1_000;

/** Does what was claimed, to its settlement. Never rejects: whatever it leaves undone is due again when its lease ends. */
export async function doWork(place: Workplace, work: Work): Promise<void> {
  const { database, effects, model, metrics } = place;
  const { task } = work;
  const settling = { database, clock: effects.clock, classifier: classifierName(model) };
  try {
    if (work.kind === 'refused') await persist(place, () => settleRefused(settling, task));
    else if (work.kind === 'ask') await ask(place, settling, work);
    else if ((await persist(place, () => settleAnswer(settling, task, null))) === 'upgraded')
      metrics.upgraded();
  } catch (error) {
    const { repositoryId, number } = task;
    effects.logger.error(
      { err: error, issue: { repositoryId, number } },
      'work for the model was not settled; it is due again when its lease ends',
    );
  }
}

async function ask(
  place: Workplace,
  settling: Settling,
  { task, call, content }: Extract<Work, { readonly kind: 'ask' }>,
): Promise<void> {
  const { model, effects, metrics, breaker, deadline, stopping } = place;
  const { clock, randomness } = effects;
  breaker.began();
  // Who was frozen meanwhile finds his time over: the text may be somebody else's by now.
  if (!(await place.mayAsk(task.cacheKey)) || clock.monotonic() >= deadline) {
    breaker.ended({ kind: 'given-up', why: 'stopping' });
    return await persist(place, () => giveBack(settling, task, call, 'unasked', lookAgainMs));
  }
  if (call.begun > 1) metrics.repeated(1);
  const began = clock.monotonic();
  const called = await callModel(model, content, { clock, deadline, stopping });
  breaker.ended(called);
  metrics.called(called.kind, (clock.monotonic() - began) / 1000);
  report(effects, called, task);
  if (called.kind === 'answered') {
    const asked = { answer: called.answer, call, late: false };
    if ((await settleAsked(place, settling, task, asked)) === 'upgraded') metrics.upgraded();
  } else if (called.kind === 'refused') {
    await persist(place, () => settleRefusal(settling, task, call, randomness.fraction()));
  } else if (called.kind === 'given-up' && called.why === 'stopping') {
    await giveBack(settling, task, call, 'unknown', 0);
  } else {
    const end = called.kind === 'failed' ? 'failed' : 'unknown';
    await persist(place, () => settleFailure(settling, task, call, end, randomness.fraction()));
  }
}

/**
 * Settles an answer that was paid for. Where its call is gone, its lease was over, or the database was put back or is another
 * one: then the log may have another answer to the text, which readers have seen, and it is read first.
 */
async function settleAsked(place: Workplace, settling: Settling, task: Task, asked: Asked): Promise<Settled> {
  const { effects, stopping } = place;
  const settled = await persist(place, () => settleAnswer(settling, task, asked));
  if (settled !== 'not-held') return settled;
  while (!stopping.aborted && !(await place.knowsLog())) await effects.clock.sleep(lookAgainMs, stopping);
  return await persist(place, () => settleAnswer(settling, task, { ...asked, late: true }));
}

/** The world's faults are waited out, with a paid answer in hand: it is stored also when its lease is over by then. */
async function persist<Result>(place: Workplace, settle: () => Promise<Result>): Promise<Result> {
  const { clock, logger } = place.effects;
  const backoff = new Backoff();
  for (;;) {
    try {
      return await settle();
    } catch (error) {
      if (classifyDatabaseError(error) !== 'world' || place.stopping.aborted) throw error;
      const retryInMs = backoff.next();
      logger.warn({ err: error, retryInMs }, "the model's answer could not be stored; it is tried again");
      await clock.sleep(retryInMs, place.stopping);
    }
  }
}

function report({ logger }: Effects, called: Called, { repositoryId, number }: Work['task']): void {
  const issue = { repositoryId, number };
  if (called.kind === 'failed')
    logger.warn({ err: called.error, issue }, 'the model failed; it is asked again');
  else if (called.kind === 'refused')
    logger.warn({ reason: called.reason, issue }, 'the model refused a text');
  else if (called.kind === 'given-up')
    logger.warn({ why: called.why, issue }, 'a call to the model was given up before its answer');
}
