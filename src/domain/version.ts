/**
 * The next version of an issue, drawn under the lock: above everything its row and its ledger row ever
 * had, and at least the clock's microseconds, so that a row that vanished or a database that was put back goes on
 * above what the topic already has. A safe JSON integer until 2255.
 */
export function nextVersion(known: readonly (number | null | undefined)[], nowMs: number): number {
  const highest = Math.max(0, ...known.map((version) => version ?? 0));
  return Math.max(highest + 1, Math.floor(nowMs * 1000));
}
