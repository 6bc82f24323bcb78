/** The key so many rows from the selected one, kept within the list; the first row when none is selected. */
export function stepTo(shown: readonly string[], selected: string | null, by: number): string | null {
  if (shown.length === 0) return null;
  const at = selected === null ? -1 : shown.indexOf(selected);
  const from = at === -1 ? (by > 0 ? -1 : 0) : at;
  const to = Math.min(shown.length - 1, Math.max(0, from + by));
  return shown[to] ?? null;
}
