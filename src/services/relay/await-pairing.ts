import { isPaired } from '../../operations/pair-log/is-paired.ts';
import type { RelayContext } from './relay-context.ts';

const lookAgainMs = 500;
const reason = 'The classifier has yet to settle whether this log and this database belong together.';

/** Thrown when the log belongs to another database by now: nothing more of this one may be published into it. */
export class UnpairedError extends Error {
  override readonly name = 'UnpairedError';
}

/**
 * Waits until log and database belong together. The relay decides nothing about it: before that is settled, what it
 * would take in, or publish, may be another database's.
 */
export async function awaitPairing(context: RelayContext, waiting: (reason: string) => void): Promise<void> {
  while (!context.lost.aborted && !(await isPaired(context))) {
    waiting(reason);
    await context.effects.clock.sleep(lookAgainMs, context.lost);
  }
}

export async function assertPaired(context: RelayContext): Promise<void> {
  if (!(await isPaired(context))) throw new UnpairedError(reason);
}
