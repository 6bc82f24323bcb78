/** A delay that doubles with every failure. */
export interface GrowingDelay {
  readonly firstMs: number;
  readonly longestMs: number;
  /** By which share of itself chance lengthens a delay at most. */
  readonly jitter: number;
}

/**
 * Milliseconds until the next try.
 * @param failures so far, at least 1
 * @param fraction of chance, in [0, 1)
 */
export function growingDelay(
  { firstMs, longestMs, jitter }: GrowingDelay,
  failures: number,
  fraction: number,
): number {
  const delayMs = Math.min(firstMs * 2 ** (failures - 1), longestMs);
  return Math.round(delayMs * (1 + jitter * fraction));
}
