const firstMs = 250;
const longestMs = 15_000;

/**
 * How long to wait before the next try, in milliseconds: doubling, at most 15 s, half of it by chance so that many
 * pages do not come back to a restarted server at one moment. `fraction` is uniform in [0, 1).
 */
export function retryDelay(attempt: number, fraction: number): number {
  const whole = Math.min(longestMs, firstMs * 2 ** Math.min(attempt, 16));
  return Math.round(whole / 2 + (whole / 2) * fraction);
}
