import type { Clock } from '../../effects/clock.ts';

export class OverdueError extends Error {
  override readonly name = 'OverdueError';
}

/** The result of `work`, or an `OverdueError` after `ms`. The work itself goes on: the caller ends it. */
export async function within<T>(clock: Clock, ms: number, work: Promise<T>): Promise<T> {
  const settled = new AbortController();
  const overdue = clock.sleep(ms, settled.signal).then((): never => {
    throw new OverdueError(`no answer within ${Math.round(ms)} ms`);
  });
  try {
    return await Promise.race([work, overdue]);
  } finally {
    settled.abort();
  }
}
