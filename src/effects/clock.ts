/**
 * Time and timers as values. No service reads `Date.now` or awaits a real timer of its own, so that the
 * simulator can hold the only clock.
 */
export interface Clock {
  /** Wall clock, milliseconds since 1970. Facts are stamped with it; it may jump. */
  now(): number;
  /** Monotonic milliseconds from an arbitrary origin. Durations and lease deadlines are measured with it. */
  monotonic(): number;
  /** Resolves after `ms`, or at once when `signal` fires. Never rejects: the caller looks at its signal. */
  sleep(ms: number, signal?: AbortSignal): Promise<void>;
}

export const systemClock: Clock = {
  now: () => Date.now(),
  monotonic: () => performance.now(),
  sleep: (ms, signal) =>
    new Promise((resolve) => {
      if (signal?.aborted) return resolve();
      const wake = () => {
        clearTimeout(timer);
        signal?.removeEventListener('abort', wake);
        resolve();
      };
      const timer = setTimeout(wake, ms);
      signal?.addEventListener('abort', wake, { once: true });
    }),
};
