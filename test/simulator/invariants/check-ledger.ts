import type { World } from '../world.ts';
import type { StoredRows } from './stored-rows.ts';

/**
 * The ledger by hand: a row for each deletion that somebody was told of and for each that GitHub sent, none without cause,
 * and its time within the last deletion's.
 */
export function checkLedger({ journal }: World, rows: StoredRows): readonly string[] {
  const problems: string[] = [];
  const github = new Map<string, string>();
  for (const { delivery_id, status } of rows.events) {
    const delivery = journal.deliveries.get(delivery_id);
    const { event, action } = delivery?.headers ?? {};
    if (!delivery || event !== 'issues' || status === 'failed' || status === 'dead') continue;
    if (action === 'deleted' || action === 'transferred') github.set(delivery.key, action);
  }
  const byKey = Map.groupBy(journal.deletions, ({ key }) => key);
  for (const [key, action] of github) {
    const reason = rows.ledger.get(key)?.reason;
    if (reason !== `github-${action}`)
      problems.push(`${key} was ${action} on GitHub, the ledger says ${reason}`);
  }
  for (const [key, deletions] of byKey) {
    const row = rows.ledger.get(key);
    const told = deletions.filter(({ to }) => to !== null);
    if (told.length > 0 && !row)
      problems.push(`${key}: a deletion that somebody was told of is not in the ledger`);
    const last = Math.max(...told.map(({ from }) => from));
    if (row && row.deleted_at < last)
      problems.push(`${key}: the ledger has an older deletion than the last one`);
  }
  for (const key of rows.ledger.keys()) {
    if (!github.has(key) && !byKey.has(key)) problems.push(`${key} is in the ledger and nobody deleted it`);
  }
  return problems;
}

/** What a person set stands until somebody sets it again or the issue is deleted. */
export function checkCorrections({ journal }: World, rows: StoredRows): readonly string[] {
  const problems: string[] = [];
  for (const [key, all] of Map.groupBy(journal.corrections, (correction) => correction.key)) {
    const mayBeDeleted = rows.ledger.has(key) || journal.lost.has(key);
    if (mayBeDeleted) continue;
    const told = all.filter(({ version }) => version !== null);
    const newest = told.toSorted((a, b) => (a.version ?? 0) - (b.version ?? 0)).at(-1);
    const uncertain = all.filter(({ version, refused }) => version === null && !refused);
    const possible = [...(newest ? [newest] : []), ...uncertain].map(({ set }) => set.priority);
    const found = rows.corrections.get(key)?.priority;
    const none = newest === undefined && found === undefined;
    if (!none && !possible.includes(found as never)) {
      problems.push(
        `${key}: its priority was corrected to ${possible.join(' or ')}, and it is ${String(found)}`,
      );
    }
  }
  return problems;
}
