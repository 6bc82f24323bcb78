import type { Classifier } from '../../classification/classifier.ts';
import { topics } from '../../contracts/topics.ts';
import type { Database } from '../../database/database.ts';
import type { Effects } from '../../effects/effects.ts';
import type { EventLog, Generation, Membership } from '../../log/event-log.ts';
import type { Readiness, Service } from '../service.ts';
import { ahead } from './ahead.ts';
import { type Begin, claim } from './claim.ts';
import { classifierMetrics } from './metrics.ts';
import { Mirror } from './mirror.ts';
import { prepare } from './prepare.ts';
import { Progress } from './progress.ts';
import { takeInBatch } from './take-in-batch.ts';

export interface ClassifierOptions {
  readonly database: Database;
  readonly log: EventLog;
  readonly classifier: Classifier;
  readonly effects: Effects;
  /** The consumer group, `dispatchai-classifier` unless a branch has its own. */
  readonly group: string;
  /** Where a partition begins that the group has no position of; `start` when absent. */
  readonly begin?: Begin;
  /** Runs before each claim; intake waits for it, and tries again when it fails. */
  readonly beforeClaim?: () => Promise<void>;
}

/** Batches stay under 500 records, since each locks its issue keys; 8 MB bounds what is held in memory. */
const batchLimits = { records: 250, bytes: 4_000_000 };
/** One batch commits while the next ones are read and classified; more than these only cost memory. */
const batchesAhead = 3;
const firstBackoffMs = 200;
const longestBackoffMs = 10_000;

/** Starts intake: joins the group, and takes in what its partitions hold until it is stopped. */
export async function startClassifier(options: ClassifierOptions): Promise<Service> {
  const stopping = new AbortController();
  const membership = await options.log.join(options.group, [topics.raw]);
  const intake = new Intake(options, stopping.signal);
  const running = intake.run(membership);
  return {
    name: 'classifier',
    readiness: () => intake.readiness,
    stop: async () => {
      stopping.abort();
      await membership.leave();
      await running;
    },
  };
}

class Intake {
  readiness: Readiness = { ready: false, reason: 'waiting for partitions' };
  readonly #options: ClassifierOptions;
  readonly #stopping: AbortSignal;
  readonly #metrics: ReturnType<typeof classifierMetrics>;

  constructor(options: ClassifierOptions, stopping: AbortSignal) {
    this.#options = options;
    this.#stopping = stopping;
    this.#metrics = classifierMetrics(options.effects.meter);
  }

  async run(membership: Membership): Promise<void> {
    for await (const generation of membership) await this.#hold(generation);
    this.readiness = { ready: false, reason: 'stopped' };
  }

  /** Works through a generation until it is lost; the world's faults are waited out, with backoff. */
  async #hold(generation: Generation): Promise<void> {
    const { clock, logger } = this.#options.effects;
    let backoffMs = firstBackoffMs;
    while (!generation.lost.aborted && !this.#stopping.aborted) {
      try {
        const ended = await this.#consume(generation, () => {
          backoffMs = firstBackoffMs;
        });
        if (ended === 'fenced' && (await generation.confirm()) === 'lost') break;
      } catch (error) {
        if (generation.lost.aborted) break;
        this.readiness = { ready: false, reason: `intake waits: ${messageOf(error)}` };
        logger.error({ err: error, retryInMs: backoffMs }, 'intake failed; nothing was lost, it tries again');
        await clock.sleep(backoffMs, generation.lost);
        backoffMs = Math.min(backoffMs * 2, longestBackoffMs);
      }
    }
    if (!this.#stopping.aborted) this.readiness = { ready: false, reason: 'waiting for partitions' };
  }

  async #consume(generation: Generation, progressed: () => void): Promise<'ended' | 'fenced'> {
    const { database, log, classifier, effects, group, begin, beforeClaim } = this.#options;
    const { clock, logger } = effects;
    await beforeClaim?.();
    const claimed = await claim(database, log, group, generation, begin);
    if (claimed.kind === 'overtaken') throw new Error(claimed.reason);
    this.readiness = { ready: true };
    logger.info(
      { member: generation.member, partitions: claimed.positions.length },
      'intake holds its partitions',
    );

    const progress = new Progress(claimed.positions);
    const mirror = new Mirror(generation, effects);
    mirror.follow(claimed.positions);
    const ended = new AbortController();
    const opened = generation.open(
      claimed.positions.map(({ topic, partition, nextOffset }) => ({ topic, partition, offset: nextOffset })),
      { ...batchLimits, signal: AbortSignal.any([ended.signal, this.#stopping]) },
    );
    const batches = ahead(
      opened,
      batchesAhead,
      (records) => prepare({ database, classifier }, records),
      () => ended.abort(),
    );
    try {
      for await (const batch of batches) {
        if (generation.lost.aborted) break;
        const began = clock.monotonic();
        const context = { consumer: group, classifier, nowMs: clock.now() };
        const result = await takeInBatch(database, context, batch, progress);
        if (result === 'fenced') return 'fenced';
        this.#metrics.tookIn(result, batch.records.length, (clock.monotonic() - began) / 1000);
        mirror.follow(progress.positions());
        progressed();
      }
      return 'ended';
    } finally {
      await mirror.settle();
    }
  }
}

const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));
