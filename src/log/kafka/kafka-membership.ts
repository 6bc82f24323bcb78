import type { Clock } from '../../effects/clock.ts';
import type { Randomness } from '../../effects/randomness.ts';
import type { Logger } from '../../effects/telemetry.ts';
import type { Generation, Membership, TopicPartition } from '../event-log.ts';
import { Member } from '../member.ts';
import { type GroupSession, groupTimes, isOver, type Joined } from './group-session.ts';

export interface MembershipOptions {
  readonly session: GroupSession;
  readonly clock: Clock;
  readonly randomness: Randomness;
  readonly logger: Logger;
  /** The joined partitions by our names of the topics. */
  places(joined: Joined): readonly TopicPartition[];
  hold(joined: Joined, lost: AbortSignal): Generation;
  /** The membership has ended, and nothing of it is open any more. */
  left(): void;
}

const firstPauseMs = 200;
const longestPauseMs = 3_000;
const leaveMs = 1_000;

/**
 * Joins the group, holds what it is given, and joins again when that is over: for a rebalance at once, when the
 * brokers are away with backoff. It ends only by leaving.
 */
export class KafkaMembership implements Membership {
  readonly #options: MembershipOptions;
  readonly #member: Member;
  readonly #leaving = new AbortController();
  readonly #running: Promise<void>;

  constructor(options: MembershipOptions) {
    this.#options = options;
    this.#member = new Member(() => undefined);
    this.#running = this.#run();
  }

  async leave(): Promise<void> {
    if (!this.#leaving.signal.aborted) {
      this.#leaving.abort();
      await this.#member.leave();
      const { session, logger, left } = this.#options;
      await session
        .leave(leaveMs)
        .catch((error: unknown) => logger.debug({ err: error }, 'the group was left without a word'));
      left();
    }
    await this.#running;
  }

  [Symbol.asyncIterator](): AsyncGenerator<Generation, void> {
    return this.#member[Symbol.asyncIterator]();
  }

  async #run(): Promise<void> {
    const { session, clock, randomness, logger, places, hold } = this.#options;
    const leaving = this.#leaving.signal;
    let pauseMs = firstPauseMs;
    while (!leaving.aborted) {
      try {
        const joined = await session.join();
        if (leaving.aborted) return;
        pauseMs = firstPauseMs;
        this.#member.give(places(joined), (lost) => hold(joined, lost));
        await this.#keep(joined);
        this.#member.revoke();
      } catch (error) {
        this.#member.revoke();
        if (leaving.aborted) return;
        if (isOver(error)) continue;
        logger.warn({ err: error, retryInMs: pauseMs }, 'the group cannot be joined; it is tried again');
        await clock.sleep(pauseMs * (0.5 + randomness.fraction()), leaving);
        pauseMs = Math.min(pauseMs * 2, longestPauseMs);
      }
    }
  }

  /**
   * Resolves when the generation is over: by the coordinator's word, by its silence for a session, or when there are
   * partitions that nobody was given.
   */
  async #keep(joined: Joined): Promise<void> {
    const { session, clock, logger } = this.#options;
    const leaving = this.#leaving.signal;
    let answered = clock.monotonic();
    while (!leaving.aborted) {
      await clock.sleep(groupTimes.heartbeat, leaving);
      const sent = clock.monotonic();
      // A process that was frozen sees here that its time has passed, before it does anything else.
      if (leaving.aborted || sent - answered > groupTimes.session) return;
      try {
        await session.heartbeat(joined);
        answered = sent;
        if (await session.isOutgrown()) {
          logger.info({}, 'the topics have another number of partitions now; they are divided anew');
          return;
        }
      } catch (error) {
        if (isOver(error) || leaving.aborted) return;
        logger.warn({ err: error }, 'a heartbeat was not answered');
        if (clock.monotonic() - answered > groupTimes.session) return;
      }
    }
  }
}
