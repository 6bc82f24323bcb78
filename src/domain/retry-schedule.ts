/** When an event that failed by its own fault is tried again. */
export interface RetrySchedule {
  /** Milliseconds before the first retry, the second, and so on: there are as many retries as delays. */
  readonly delaysMs: readonly [number, ...number[]];
  /** By which share of itself chance lengthens a delay at most: events that failed together need not return together. */
  readonly jitter: number;
}

export const retrySchedule: RetrySchedule = { delaysMs: [2_000, 4_000, 8_000], jitter: 0.2 };

export type NextTry = { readonly kind: 'retry'; readonly afterMs: number } | { readonly kind: 'dead' };

/**
 * Milliseconds from the first failure to the first retry.
 * @param fraction of chance, in [0, 1)
 */
export const firstRetry = ({ delaysMs, jitter }: RetrySchedule, fraction: number): number =>
  lengthen(delaysMs[0], jitter * fraction);

/**
 * What follows a retry that failed.
 * @param attempts how often the event was tried, the first time included
 * @param fraction of chance, in [0, 1)
 */
export function nextTry({ delaysMs, jitter }: RetrySchedule, attempts: number, fraction: number): NextTry {
  const delayMs = delaysMs[attempts - 1];
  if (delayMs === undefined) return { kind: 'dead' };
  return { kind: 'retry', afterMs: lengthen(delayMs, jitter * fraction) };
}

const lengthen = (delayMs: number, share: number): number => Math.round(delayMs * (1 + share));
