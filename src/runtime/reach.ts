import type { Clock } from '../effects/clock.ts';
import type { Randomness } from '../effects/randomness.ts';
import type { Logger } from '../effects/telemetry.ts';
import type { OpenFailure } from './judge-open-failure.ts';
import { Refusal } from './refusal.ts';

/** What to do about a served store that cannot be reached. */
export type Patience =
  /** A command of a person who waits: one line at once. */
  | { readonly kind: 'none' }
  /** A server: it tries until `signal` fires; `waiting` says for what, and null once it has it. */
  | {
      readonly kind: 'endless';
      readonly signal: AbortSignal;
      readonly waiting: (store: string, reason: string | null) => void;
    };

/** The process was asked to end while it waited for something to answer. */
export class EndedWhileWaitingError extends Error {
  override readonly name = 'EndedWhileWaitingError';
}

export interface Reach<Opened> {
  /** What is opened, for `waiting`. */
  readonly store: string;
  readonly open: () => Promise<Opened>;
  readonly judge: (error: unknown) => OpenFailure;
  readonly patience: Patience;
  readonly effects: { readonly clock: Clock; readonly randomness: Randomness; readonly logger: Logger };
}

const firstPauseMs = 250;
const longestPauseMs = 5_000;
/** The same reason is said again only so often. */
const sayEveryMs = 30_000;

/**
 * Opens what is elsewhere, which may come later than this process.
 * @throws Refusal when it cannot be reached and there is no patience, or when it refuses
 * @throws EndedWhileWaitingError
 */
export async function reach<Opened>({
  store,
  open,
  judge,
  patience,
  effects,
}: Reach<Opened>): Promise<Opened> {
  const { clock, randomness, logger } = effects;
  let pauseMs = firstPauseMs;
  let said = { reason: '', at: 0 };
  for (;;) {
    try {
      const opened = await open();
      if (patience.kind === 'endless') patience.waiting(store, null);
      if (said.reason !== '') logger.info({}, 'it answers now; the start goes on');
      return opened;
    } catch (error) {
      // Something within has said it already.
      if (error instanceof Refusal) throw error;
      const failure = judge(error);
      if (failure.kind === 'unknown') throw error;
      if (failure.kind === 'refused') throw new Refusal(failure.message);
      if (patience.kind === 'none') throw new Refusal(failure.reason);
      patience.waiting(store, failure.reason);
      if (said.reason !== failure.reason || clock.monotonic() - said.at >= sayEveryMs) {
        logger.warn({}, `${failure.reason}; the start waits for it`);
        said = { reason: failure.reason, at: clock.monotonic() };
      }
      // Many processes that wait for one server should not come all at once.
      await clock.sleep(pauseMs * (0.5 + randomness.fraction() / 2), patience.signal);
      if (patience.signal.aborted) throw new EndedWhileWaitingError(failure.reason);
      pauseMs = Math.min(pauseMs * 2, longestPauseMs);
    }
  }
}
