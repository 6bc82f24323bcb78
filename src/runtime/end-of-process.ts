import type { Clock } from '../effects/clock.ts';

/** Npm, the terminal and the launcher may each pass on one Ctrl-C: within this time it is the same wish. */
const sameWishMs = 2_000;

export interface EndRequests {
  /** Fires when the process is asked to end. */
  readonly asked: AbortSignal;
  /** Fires when it is asked again later: now, whatever is under way. */
  readonly insisted: AbortSignal;
}

/**
 * Listens to what ends a server: signals, and the IPC channel to the launcher, which closes when the launcher was
 * killed. For the life of the process.
 */
export function listenForEnd(clock: Clock): EndRequests {
  const asked = new AbortController();
  const insisted = new AbortController();
  let first = 0;
  const ask = (why: string) => {
    if (!asked.signal.aborted) {
      first = clock.monotonic();
      asked.abort(why);
    } else if (clock.monotonic() - first > sameWishMs) insisted.abort(why);
  };
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => ask(signal));
  process.once('disconnect', () => ask('the launcher is gone'));
  // Listening to the channel would keep a process alive whose start failed.
  process.channel?.unref();
  return { asked: asked.signal, insisted: insisted.signal };
}
