export type Command =
  | 'next'
  | 'previous'
  | 'first'
  | 'last'
  | 'open'
  | 'close'
  | 'search'
  | 'category'
  | 'priority'
  | 'undo'
  | 'release'
  | 'palette'
  | 'keys';

export interface Press {
  readonly key: string;
  readonly meta: boolean;
  readonly alt: boolean;
  /** Whether the press lands in a field that takes text. */
  readonly typing: boolean;
  /** Whether it lands on a control that Enter and arrows belong to (a button, a link, a menu). */
  readonly onControl: boolean;
}

const plain: Readonly<Record<string, Command>> = {
  j: 'next',
  ArrowDown: 'next',
  k: 'previous',
  ArrowUp: 'previous',
  Home: 'first',
  End: 'last',
  Enter: 'open',
  Escape: 'close',
  '/': 'search',
  c: 'category',
  p: 'priority',
  u: 'undo',
  '.': 'release',
  '?': 'keys',
};
const ofControls: ReadonlySet<string> = new Set(['Enter', 'ArrowDown', 'ArrowUp', 'Home', 'End']);

/** What a key press asks of the page, or null when it belongs to whatever has the focus. */
export function commandOf(press: Press): Command | null {
  if (press.meta) return press.key.toLowerCase() === 'k' && !press.alt ? 'palette' : null;
  if (press.alt) return null;
  if (press.typing) return press.key === 'Escape' ? 'close' : null;
  if (press.onControl && ofControls.has(press.key)) return null;
  return plain[press.key] ?? null;
}

/** The keys as the page lists them. */
export const keyHelp: readonly (readonly [keys: readonly string[], does: string])[] = [
  [['j', '↓'], 'Next issue'],
  [['k', '↑'], 'Previous issue'],
  [['Enter'], 'Open the issue'],
  [['Esc'], 'Close, or select nothing'],
  [['c'], 'Set the category, then 1 to 4'],
  [['p'], 'Set the priority, then 1 to 4'],
  [['u'], 'Undo the last correction'],
  [['.'], 'Show the new issues that wait'],
  [['/'], 'Search'],
  [['⌘ K', 'Ctrl K'], 'All commands'],
  [['?'], 'These keys'],
];
