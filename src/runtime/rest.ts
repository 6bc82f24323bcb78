import { performance } from 'node:perf_hooks';
import type { Clock } from '../effects/clock.ts';

const lookEveryMs = 5_000;
/** Shares of the time in which the event loop worked; between the two it is neither busy nor at rest. */
const busyFrom = 0.2;
const restsBelow = 0.05;

/** Whether memory is worth collecting now, and whether it will be once the work ends. Pure. */
export function judgeRest(
  used: number,
  worked: boolean,
): { readonly collect: boolean; readonly worked: boolean } {
  if (used >= busyFrom) return { collect: false, worked: true };
  return used < restsBelow && worked ? { collect: true, worked: false } : { collect: false, worked };
}

/**
 * Collects garbage once when the process comes to rest after work. V8 collects when it allocates, so without this
 * what a burst of webhooks left behind would be held until the next one: 80 MB after a hundred thousand issues.
 * Does nothing where `gc` is not exposed (the launcher does).
 */
export async function collectAtRest(clock: Clock, signal: AbortSignal): Promise<void> {
  const collect = globalThis.gc;
  if (!collect) return;
  let last = performance.eventLoopUtilization();
  // Starting is work too.
  let worked = true;
  while (!signal.aborted) {
    await clock.sleep(lookEveryMs, signal);
    const now = performance.eventLoopUtilization();
    const judged = judgeRest(performance.eventLoopUtilization(now, last).utilization, worked);
    last = now;
    worked = judged.worked;
    if (judged.collect && !signal.aborted) await collect({ execution: 'async', type: 'major' });
  }
}
