import type { Random } from '../simulator/engine/random.ts';
import type { StoredState } from '../stored-state.ts';

/** What became of a kill. */
export interface Comeback {
  /** Until it answered that it is ready again, in milliseconds since the kill. */
  readonly ready: Promise<number>;
  /** Until another one did its work, likewise. Null where it had none that another one could take over. */
  readonly takenOver: Promise<number> | null;
}

/** An installation whose processes can be killed, and whose stores can be looked at. */
export interface Installation {
  /** Its services that run in processes of their own. */
  readonly kinds: readonly string[];
  readonly webhookUrls: readonly string[];
  readonly gatewayUrls: readonly string[];
  /**
   * SIGKILL to one process of a kind, to the one that does the work where only one does; resolves once it is gone. It
   * is started again at once.
   */
  kill(kind: string, random: Random): Promise<Comeback>;
  /** Reads what is stored, and stops for it what holds the files. */
  look(): Promise<StoredState>;
  /**
   * Stops whoever writes, sets positions and group offsets to the start of the log, removes `issues.enriched`, and
   * starts everything that does not run.
   */
  replay(): Promise<void>;
  remove(): Promise<void>;
}

export const seekToStart = ['groups', 'seek', 'dispatchai-classifier', '--to', 'start', '--execute'] as const;
