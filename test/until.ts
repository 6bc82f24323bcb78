import { setTimeout as delay } from 'node:timers/promises';

/**
 * Asks again and again until the condition holds. @throws Error naming `what` when it still does not after
 * `withinMs`, with the last error of the condition as its cause
 */
export async function until(
  condition: () => boolean | Promise<boolean>,
  {
    what,
    withinMs,
    everyMs = 25,
  }: { readonly what: string; readonly withinMs: number; readonly everyMs?: number },
): Promise<void> {
  const deadline = performance.now() + withinMs;
  let cause: unknown;
  while (true) {
    try {
      if (await condition()) return;
    } catch (error) {
      cause = error;
    }
    if (performance.now() > deadline) throw new Error(`not within ${withinMs} ms: ${what}`, { cause });
    await delay(everyMs);
  }
}
