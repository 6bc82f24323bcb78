import type { World } from '../world.ts';
import type { StoredRows } from './stored-rows.ts';

/** Whoever had the page open all the time sees what the database holds, and nothing that is deleted. */
export function checkBrowsers({ browsers, journal }: World, rows: StoredRows): readonly string[] {
  return browsers.flatMap(({ book, settled }) => {
    if (!settled) return ['a browser is not connected in the end'];
    const outdated = [...rows.issues.values()].filter(
      ({ key, version }) => book.get(key)?.version !== version,
    );
    const back = [...rows.ledger.keys()].filter(
      (key) => !rows.issues.has(key) && !journal.lost.has(key) && book.get(key) !== undefined,
    );
    return [
      ...outdated
        .filter(({ key }) => !journal.lost.has(key))
        .map(({ key, version }) => `a browser shows ${key} at ${book.get(key)?.version}, it is ${version}`),
      ...back.map((key) => `a browser still shows ${key}, which is deleted`),
    ];
  });
}
