import { useEffect, useRef } from 'react';
import { useUndo } from '../issue/use-correct.ts';
import { type Command, commandOf } from './keys.ts';
import { usePage } from './page-context.ts';
import { useNavigateIssues } from './use-navigate-issues.ts';

/** The page's keys. Menus and dialogs keep theirs. */
export function useKeys(): void {
  const { live, interaction } = usePage();
  const undo = useUndo();
  const { step, open, close, target } = useNavigateIssues();

  const pick = (field: 'category' | 'priority'): void => {
    const picked = target();
    if (picked) interaction.set({ picker: { ...picked, field } });
  };
  const commands: Readonly<Record<Command, () => void>> = {
    next: () => step(1),
    previous: () => step(-1),
    first: () => step(Number.NEGATIVE_INFINITY),
    last: () => step(Number.POSITIVE_INFINITY),
    open,
    close,
    search: () => document.getElementById('search')?.focus(),
    category: () => pick('category'),
    priority: () => pick('priority'),
    undo,
    release: () => {
      document.getElementById('issues')?.scrollTo({ top: 0 });
      live.queue.release();
    },
    palette: () => interaction.set({ overlay: 'palette' }),
    keys: () => interaction.set({ overlay: 'keys' }),
  };
  const latest = useRef(commands);
  latest.current = commands;

  useEffect(() => {
    const onKeyDown = (event: KeyboardEvent) => {
      const element = event.target instanceof Element ? event.target : null;
      if (event.defaultPrevented || element?.closest('[role="menu"], dialog')) return;
      const command = commandOf({
        key: event.key,
        meta: event.metaKey || event.ctrlKey,
        alt: event.altKey,
        typing: element?.matches('input, textarea, select, [contenteditable]') ?? false,
        onControl: element?.closest('button, a, summary, [data-scrolls]') != null,
      });
      if (!command) return;
      event.preventDefault();
      latest.current[command]();
    };
    window.addEventListener('keydown', onKeyDown);
    return () => window.removeEventListener('keydown', onKeyDown);
  }, []);
}
