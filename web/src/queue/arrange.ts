/** What the list shows against what it would show if it were drawn anew. */
export interface Arrangement {
  /** Keys in the order on screen. */
  readonly shown: readonly string[];
  /** Keys that belong on screen but wait, so that nothing moves while somebody reads. */
  readonly waiting: number;
  /** Keys that just came on screen by themselves, to be faded in. */
  readonly arrived: ReadonlySet<string>;
}

export const nothingShown: Arrangement = { shown: [], waiting: 0, arrived: new Set() };

/**
 * Takes in a new order. Held, the shown keys keep their places (also those that no longer belong), new ones
 * wait; a list that shows nothing has nothing to disturb. `older` are keys of a page loaded at the list's end.
 */
export function arrange(
  before: Arrangement,
  fresh: readonly string[],
  held: boolean,
  older: readonly string[] = [],
): Arrangement {
  const onScreen = new Set(before.shown);
  if (!held || before.shown.length === 0) {
    const appended = new Set(older);
    const arrived = fresh.filter((key) => !onScreen.has(key) && !appended.has(key));
    return { shown: fresh, waiting: 0, arrived: new Set(before.shown.length === 0 ? [] : arrived) };
  }
  const belongs = new Set(fresh);
  const appended = older.filter((key) => belongs.has(key) && !onScreen.has(key));
  const shown = appended.length === 0 ? before.shown : [...before.shown, ...appended];
  return { shown, waiting: fresh.length - countKnown(fresh, shown), arrived: new Set() };
}

function countKnown(fresh: readonly string[], shown: readonly string[]): number {
  const onScreen = new Set(shown);
  return fresh.reduce((count, key) => count + (onScreen.has(key) ? 1 : 0), 0);
}
