import type { Clock } from '../../effects/clock.ts';

export class OverdueError extends Error {
  override readonly name = 'OverdueError';
}

/** So that ending a wait, which every request does, makes no exception with a stack. */
const settledReason = 'settled';

/** The result of `work`, or an `OverdueError` after `ms`. The work itself goes on: the caller ends it. */
export async function within<T>(clock: Clock, ms: number, work: Promise<T>): Promise<T> {
  const settled = new AbortController();
  const overdue = clock.sleep(ms, settled.signal).then(() => {
    if (!settled.signal.aborted) throw new OverdueError(`no answer within ${Math.round(ms)} ms`);
    return work;
  });
  try {
    return await Promise.race([work, overdue]);
  } finally {
    settled.abort(settledReason);
  }
}
