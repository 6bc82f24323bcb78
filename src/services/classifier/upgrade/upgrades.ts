import type { Classifier } from '../../../classification/classifier.ts';
import { type HeldCall, pruneCalls, readOpenCalls } from '../../../database/ai-calls.ts';
import type { Database } from '../../../database/database.ts';
import { classifierName } from '../../../domain/cache-key.ts';
import type { Effects } from '../../../effects/effects.ts';
import { Wake } from '../../wake.ts';
import { Backoff } from '../backoff.ts';
import { Breaker } from './breaker.ts';
import { claimWork, firstTurns, type Turns, type Work } from './claim-work.ts';
import { doWork } from './do-work.ts';
import { defaultConcurrency, defaultLeaseMs, type ModelOptions } from './model-options.ts';
import type { OfferedModel } from './offer-contents.ts';
import { type UpgradeMetrics, upgradeMetrics } from './upgrade-metrics.ts';

/** Tasks are looked for at least this often: a wake-up may get lost, and delays end without one. */
const idleMs = 1_000;
/** What is under way when the service stops has this long to come to its end. */
const drainMs = 3_000;
const pruneEveryMs = 3_600_000;

/**
 * Replaces local answers by the model's, beside the stream. Any number of these may work on one database. What waits is a
 * row, so nothing is lost whenever this ends.
 */
export class Upgrades {
  readonly #database: Database;
  readonly #model: Classifier;
  readonly #concurrency: number;
  readonly #leaseMs: number;
  readonly #effects: Effects;
  readonly #metrics: UpgradeMetrics;
  readonly #breaker: Breaker;
  readonly #stopping: AbortSignal;
  readonly #knowsOwnTopic: () => Promise<boolean>;
  /** Ends even what is under way. */
  readonly #drained = new AbortController();
  readonly #wake = new Wake();
  readonly #running = new Set<Promise<void>>();
  #turns: Turns = firstTurns;
  #prunedAt = Number.NEGATIVE_INFINITY;

  /** @param knowsOwnTopic whether the database has all the answers that the log has; asked before each call */
  constructor(
    database: Database,
    model: ModelOptions,
    effects: Effects,
    stopping: AbortSignal,
    knowsOwnTopic: () => Promise<boolean> = async () => true,
  ) {
    this.#knowsOwnTopic = knowsOwnTopic;
    this.#database = database;
    this.#model = model.classifier;
    this.#concurrency = model.concurrency ?? defaultConcurrency;
    this.#leaseMs = model.leaseMs ?? defaultLeaseMs;
    this.#effects = effects;
    this.#metrics = upgradeMetrics(effects.meter);
    this.#stopping = stopping;
    this.#breaker = new Breaker(effects.clock, (isOpen) => {
      this.#metrics.circuit(isOpen);
      if (isOpen) effects.logger.warn({}, 'the model fails: the local answers stand until it is back');
      else effects.logger.info({}, 'the model is back');
    });
  }

  /** What intake offers contents to. */
  get offered(): OfferedModel {
    const { name, version } = this.#model;
    return { name, version, waiting: () => this.#breaker.waiting() };
  }

  /** Works until told to stop, and then finishes what is under way if that is soon. Never rejects. */
  async run(): Promise<void> {
    const backoff = new Backoff();
    const { clock, logger } = this.#effects;
    let unlisten: (() => Promise<void>) | null = null;
    while (!this.#stopping.aborted) {
      try {
        unlisten ??= await this.#database.listen('tasks', () => this.#wake.call());
        await this.#round();
        backoff.reset();
      } catch (error) {
        const retryInMs = backoff.next();
        logger.warn({ err: error, retryInMs }, 'no work for the model could be claimed; it is tried again');
        await clock.sleep(retryInMs, this.#stopping);
      }
    }
    await this.#drain();
    await unlisten?.().catch((error: unknown) => {
      logger.warn({ err: error }, 'the database could not be told that nobody listens any longer');
    });
  }

  /** Claims what there is room for, or waits until something may have changed. */
  async #round(): Promise<void> {
    const { clock } = this.#effects;
    this.#wake.begin();
    const room = Math.min(this.#concurrency - this.#running.size, this.#breaker.allows());
    const isMore = room > 0 && (await this.#claim(room));
    if (isMore) return;
    await this.#prune();
    await this.#wake.wait(clock, idleMs, this.#stopping);
  }

  async #claim(limit: number): Promise<boolean> {
    const classifier = classifierName(this.#model);
    // From before the request: so the calls end here before the leases end there, whatever the request takes.
    const deadline = this.#effects.clock.monotonic() + (this.#leaseMs * 2) / 3;
    const claim = { classifier, limit, leaseMs: this.#leaseMs, turns: this.#turns };
    const { work, turns, more } = await claimWork(this.#database, claim);
    this.#turns = turns;
    const calls = work.flatMap((each) => (each.kind === 'ask' ? [each.call] : []));
    let open: Promise<ReadonlySet<string>> | null = null;
    const mayAsk = async (cacheKey: string) => {
      open ??= this.#stillOpen(calls);
      return (await open).has(cacheKey);
    };
    for (const each of work) this.#begin(each, deadline, mayAsk);
    return more;
  }

  /** Of texts just claimed, those that neither the database nor the log has an answer to. */
  async #stillOpen(calls: readonly HeldCall[]): Promise<ReadonlySet<string>> {
    try {
      if (!(await this.#knowsOwnTopic())) return new Set();
      // Since the claim the topic may have been read, and the database may have been put back.
      return await readOpenCalls(this.#database.queries, calls);
    } catch (error) {
      this.#effects.logger.warn(
        { err: error },
        'whether the log knows an answer could not be seen; the model is asked later',
      );
      return new Set();
    }
  }

  async #knowsLog(): Promise<boolean> {
    try {
      return await this.#knowsOwnTopic();
    } catch (error) {
      this.#effects.logger.warn({ err: error }, 'a paid answer waits: what the log has could not be seen');
      return false;
    }
  }

  #begin(work: Work, deadline: number, mayAsk: (cacheKey: string) => Promise<boolean>): void {
    const running = doWork(
      {
        database: this.#database,
        model: this.#model,
        effects: this.#effects,
        metrics: this.#metrics,
        breaker: this.#breaker,
        deadline,
        mayAsk,
        knowsLog: () => this.#knowsLog(),
        stopping: this.#drained.signal,
      },
      work,
    ).finally(() => {
      this.#running.delete(running);
      this.#wake.call();
    });
    this.#running.add(running);
  }

  async #drain(): Promise<void> {
    const idle = new AbortController();
    const done = Promise.all(this.#running).then(() => idle.abort());
    await this.#effects.clock.sleep(drainMs, idle.signal);
    this.#drained.abort();
    await done;
  }

  async #prune(): Promise<void> {
    const now = this.#effects.clock.monotonic();
    if (now - this.#prunedAt < pruneEveryMs) return;
    this.#prunedAt = now;
    await pruneCalls(this.#database.queries);
  }
}
