import type { Effects } from '../effects/effects.ts';
import type { Database } from './database.ts';
import { acquireLease, type LeaseRequest, releaseLease, renewLease } from './leases.ts';

export interface LeaseTerm {
  /** For `checkLease`, in every transaction made under the lease. */
  readonly token: number;
  /** Fires when the lease may no longer be relied on; nothing may be begun under it then. */
  readonly lost: AbortSignal;
  /**
   * Whether it is over by the monotonic clock now. Asked right before what cannot be taken back: a process that was
   * frozen may work on for a moment before the timer that fires `lost`.
   */
  isOver(): boolean;
}

/** What came of asking for the lease, or for more time: `held` by somebody else; `none` when the database did not answer. */
export type LeaseAnswer = 'own' | 'held' | 'none';

export interface HoldLeaseOptions extends LeaseRequest {
  /** Ends the iteration, and releases the lease. */
  readonly signal: AbortSignal;
  /** Told each time. */
  readonly answered?: (answer: LeaseAnswer) => void;
}

type HoldEffects = Pick<Effects, 'clock' | 'logger'>;

const answers = {
  granted: 'own',
  renewed: 'own',
  held: 'held',
  lost: 'held',
  failed: 'none',
  late: 'none',
} as const satisfies Record<string, LeaseAnswer>;

const shortestPauseMs = 20;
const longestPauseMs = 5_000;

/**
 * Holds a lease for as long as it can: each iteration is a time under one grant, during which the lease is renewed
 * beside the loop's body. The body works until `lost` fires; when it ends earlier, the next iteration goes on under
 * a new grant. Leaving the loop releases the lease.
 *
 * A term counts as over after two thirds of it by the monotonic clock, from before the request that began it: so
 * the holder stops before anybody else can start, whatever the request took and whatever the clocks say.
 */
export async function* holdLease(
  database: Database,
  effects: HoldEffects,
  options: HoldLeaseOptions,
): AsyncGenerator<LeaseTerm, void, void> {
  const { clock, logger } = effects;
  while (!options.signal.aborted) {
    const before = clock.monotonic();
    const outcome = await acquireLease(database, options).catch((error: unknown) => {
      logger.warn({ error, lease: options.name }, 'the lease could not be asked for; it is tried again');
      return { kind: 'failed' as const };
    });
    options.answered?.(answers[outcome.kind]);
    if (outcome.kind !== 'granted') {
      const pause = outcome.kind === 'held' ? outcome.remainingMs : options.termMs / 6;
      await clock.sleep(Math.min(Math.max(pause, shortestPauseMs), longestPauseMs), options.signal);
      continue;
    }
    const ended = new AbortController();
    const lost = new AbortController();
    const stop = AbortSignal.any([ended.signal, options.signal]);
    const term = { token: outcome.token, deadline: before + usableMs(options) };
    const kept = keepLease(database, effects, options, term, stop).finally(() => lost.abort());
    try {
      yield {
        token: term.token,
        lost: lost.signal,
        isOver: () => lost.signal.aborted || clock.monotonic() >= term.deadline,
      };
    } finally {
      ended.abort();
      await kept;
      await releaseLease(database, { name: options.name, token: outcome.token }).catch((error: unknown) => {
        logger.warn({ error, lease: options.name }, 'the lease could not be released; it expires');
      });
    }
  }
}

interface RunningTerm {
  readonly token: number;
  /** Monotonic; later with each renewal. */
  deadline: number;
}

const usableMs = ({ termMs }: LeaseRequest): number => (termMs * 2) / 3;

/** Renews until told to stop, or until the lease is lost or two thirds of a term have passed. Never rejects. */
async function keepLease(
  database: Database,
  { clock, logger }: HoldEffects,
  options: HoldLeaseOptions,
  term: RunningTerm,
  stop: AbortSignal,
): Promise<void> {
  const { name, termMs } = options;
  while (!stop.aborted) {
    const left = term.deadline - clock.monotonic();
    if (left <= 0) return;
    // Half of what is left: a renewal that fails has time for further tries.
    await clock.sleep(Math.max(left / 2, Math.min(left, shortestPauseMs)), stop);
    if (stop.aborted) return;
    const before = clock.monotonic();
    const over = new AbortController();
    const answer = await Promise.race([
      renewLease(database, { name, token: term.token, termMs }).catch((error: unknown) => {
        logger.warn({ error, lease: name }, 'the lease could not be renewed; it is tried again');
        return 'failed' as const;
      }),
      clock
        .sleep(Math.max(0, term.deadline - before), AbortSignal.any([over.signal, stop]))
        .then(() => 'late' as const),
    ]);
    over.abort();
    // Told to stop, it waits for nothing: that is no answer.
    if (!stop.aborted) options.answered?.(answers[answer]);
    if (answer === 'lost' || answer === 'late') return;
    if (answer === 'renewed') term.deadline = before + usableMs(options);
  }
}
