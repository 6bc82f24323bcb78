import { topics } from '../../contracts/topics.ts';
import { noteMirrored } from '../../database/moved-positions.ts';
import type { Effects } from '../../effects/effects.ts';
import type { Generation, Membership } from '../../log/event-log.ts';
import { followOwnTopics } from '../../operations/follow-own-topics/follow-own-topics.ts';
import { isPaired } from '../../operations/pair-log/is-paired.ts';
import type { Readiness } from '../service.ts';
import { ahead } from './ahead.ts';
import { Backoff } from './backoff.ts';
import { claim } from './claim.ts';
import { messageOf } from './failure.ts';
import type { ClassifierMetrics } from './metrics.ts';
import { Mirror } from './mirror.ts';
import { noticeMovedOffsets } from './notice-moved-offsets.ts';
import { PairingGate } from './pairing-gate.ts';
import { prepare } from './prepare.ts';
import { Progress } from './progress.ts';
import type { ClassifierOptions } from './start-classifier.ts';
import type { TakeInContext } from './take-in.ts';
import { takeInBatch } from './take-in-batch.ts';
import { watchPositions } from './watch-positions.ts';

/** Batches stay under 500 records, since each locks its issue keys; 8 MB bounds what is held in memory. */
const batchLimits = { records: 250, bytes: 4_000_000 };
/** One batch commits while the next ones are read and classified; more than these only cost memory. */
const batchesAhead = 3;

/** Takes in what the partitions of a membership hold, from one generation to the next. */
export class Intake {
  readiness: Readiness = { ready: false, reason: 'waiting for partitions' };
  readonly #options: ClassifierOptions;
  readonly #context: TakeInContext & { readonly effects: Effects };
  readonly #metrics: ClassifierMetrics;
  readonly #stopping: AbortSignal;
  readonly #gate: PairingGate;
  #membership: Membership | null = null;
  #holding: Promise<'over' | 'unpaired'> | null = null;

  constructor(
    options: ClassifierOptions,
    context: TakeInContext & { readonly effects: Effects },
    metrics: ClassifierMetrics,
    stopping: AbortSignal,
  ) {
    this.#options = options;
    this.#context = context;
    this.#metrics = metrics;
    this.#stopping = stopping;
    this.#gate = new PairingGate(options);
  }

  async run(): Promise<void> {
    const backoff = new Backoff();
    while (!this.#stopping.aborted) {
      try {
        await this.#member();
        backoff.reset();
      } catch (error) {
        await this.#waitOut(error, backoff, this.#stopping);
      }
    }
    this.readiness = { ready: false, reason: 'stopped' };
  }

  /** Leaves the group once what was under way is done and mirrored. */
  async leave(): Promise<void> {
    await this.#holding;
    await this.#membership?.leave();
  }

  /**
   * Joins the group and works until the membership ends. Not before database and log belong together: a member that
   * waits for a choice would keep its partitions from those that could work on them.
   */
  async #member(): Promise<void> {
    const waiting = (reason: string) => {
      this.readiness = { ready: false, reason };
    };
    if ((await this.#gate.open(this.#stopping, waiting)) === 'stopped') return;
    const { log, group } = this.#options;
    const membership = await log.join(group, [topics.raw]);
    this.#membership = membership;
    if (this.#stopping.aborted) await membership.leave();
    for await (const generation of membership) {
      this.#holding = this.#hold(generation);
      if ((await this.#holding) === 'unpaired') await membership.leave();
    }
  }

  /**
   * Works through a generation until it is lost; the world's faults are waited out, with backoff. Whatever ended the
   * work, a claim after the first waits for the group's word that the generation stands: who was frozen believes that
   * it is still in the group, and would take the partitions from who holds them now.
   */
  async #hold(generation: Generation): Promise<'over' | 'unpaired'> {
    const backoff = new Backoff();
    let first = true;
    while (!generation.lost.aborted && !this.#stopping.aborted) {
      try {
        if (!first && (await generation.confirm()) === 'lost') break;
        first = false;
        if ((await this.#consume(generation, () => backoff.reset())) === 'unpaired') return 'unpaired';
      } catch (error) {
        if (generation.lost.aborted) break;
        await this.#waitOut(error, backoff, AbortSignal.any([generation.lost, this.#stopping]));
      }
    }
    if (!this.#stopping.aborted) this.readiness = { ready: false, reason: 'waiting for partitions' };
    return 'over';
  }

  async #waitOut(error: unknown, backoff: Backoff, signal: AbortSignal): Promise<void> {
    const { clock, logger } = this.#options.effects;
    const retryInMs = backoff.next();
    this.readiness = { ready: false, reason: `intake waits: ${messageOf(error)}` };
    logger.error({ err: error, retryInMs }, 'intake failed; nothing was lost, it tries again');
    await clock.sleep(retryInMs, signal);
  }

  /** Claims the partitions and works until they are lost, fenced, or no longer fit the log. */
  async #consume(generation: Generation, progressed: () => void): Promise<'over' | 'unpaired'> {
    const { database, log, classifier, effects, group, begin, beforeClaim } = this.#options;
    const { clock, logger } = effects;
    const paired = () => isPaired({ database, log, group });
    const settled = await this.#gate.settle(AbortSignal.any([generation.lost, this.#stopping]));
    if (settled.kind !== 'paired') return settled.kind === 'stopped' ? 'over' : 'unpaired';
    await beforeClaim?.();
    const claimed = await claim({ database, log, consumer: group, begin }, generation, settled.found);
    if (claimed.kind === 'unsettled') return 'over';
    if (claimed.kind === 'overtaken') throw new Error(claimed.reason);
    // The claim may be in a database that was put back, into the middle of a choice, or the log name another one, since
    // that was settled: a database that is put back later has not this claim.
    if (!(await paired())) return 'over';
    const signal = AbortSignal.any([generation.lost, this.#stopping]);
    if ((await followOwnTopics({ database, log, effects, signal })).kind === 'stopped') return 'over';
    this.readiness = { ready: true };
    if (claimed.rewound.length > 0) {
      logger.warn(
        { rewound: claimed.rewound },
        'the log is not what it was: it is read again from its start',
      );
    }
    logger.info(
      { member: generation.member, partitions: claimed.positions.length },
      'intake holds its partitions',
    );

    const progress = new Progress(claimed.positions);
    // A position that was just set back is not what was mirrored either.
    if (claimed.rewound.length === 0) await noticeMovedOffsets(this.#options, claimed.positions);
    const mirror = new Mirror(generation, effects, (mirrored) =>
      noteMirrored(database.queries, group, mirrored),
    );
    mirror.follow(claimed.positions);
    const ended = new AbortController();
    const over = AbortSignal.any([ended.signal, this.#stopping, generation.lost]);
    const stores = { database, log, consumer: group, isPaired: paired };
    const watching = watchPositions(stores, progress, effects, over).then((fits) => {
      if (!fits) ended.abort();
    });
    const opened = generation.open(
      claimed.positions.map(({ topic, partition, nextOffset }) => ({ topic, partition, offset: nextOffset })),
      { ...batchLimits, signal: over },
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
        const result = await takeInBatch(database, this.#context, batch, progress);
        if (result === 'fenced') return 'over';
        this.#metrics.tookIn(result, batch.records.length, (clock.monotonic() - began) / 1000);
        mirror.follow(progress.positions());
        progressed();
      }
      return 'over';
    } finally {
      ended.abort();
      await watching;
      await mirror.settle();
    }
  }
}
