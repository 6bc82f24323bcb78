import { useNavigate, useParams } from '@tanstack/react-router';
import type { IssueSummary } from '../../../src/contracts/rest.ts';
import { keyOf } from '../issue/issue-name.ts';
import { stepTo } from '../queue/step.ts';
import { usePage } from './page-context.ts';
import { useWide } from './use-wide.ts';

interface Target {
  readonly key: string;
  readonly place: 'row' | 'page';
}

export interface NavigateIssues {
  /** Selects the row so many further; an issue that is open beside the list follows. */
  step(by: number): void;
  open(): void;
  close(): void;
  /** The issue that a correction is meant for: the one that is open, else the selected row's. */
  target(): Target | null;
  show(issue: IssueSummary, replace?: boolean): void;
}

export function useNavigateIssues(): NavigateIssues {
  const { live, interaction } = usePage();
  const navigate = useNavigate();
  const params = useParams({ strict: false });
  const wide = useWide();
  const isOpen = params.number !== undefined;
  const { book } = live.queue;

  const show = (issue: IssueSummary, replace = false): void => {
    const [owner = '', repo = ''] = issue.repository.split('/');
    interaction.set({ selected: keyOf(issue), picker: null });
    void navigate({
      to: '/issues/$owner/$repo/$number',
      params: { owner, repo, number: String(issue.number) },
      search: true,
      replace,
    });
  };
  const selected = (): IssueSummary | undefined => {
    const { selected: key } = interaction.state();
    return key === null ? undefined : book.get(key);
  };
  return {
    show,
    step(by) {
      if (isOpen && !wide) return;
      const key = stepTo(live.queue.snapshot().arrangement.shown, interaction.state().selected, by);
      if (key === null) return;
      interaction.set({ selected: key, picker: null });
      document.getElementById('issues')?.focus({ preventScroll: true });
      const issue = book.get(key);
      if (isOpen && issue) show(issue, true);
    },
    open() {
      const issue = selected();
      if (issue && !isOpen) show(issue);
    },
    close() {
      const focused = document.activeElement;
      if (focused instanceof HTMLInputElement || focused instanceof HTMLTextAreaElement)
        return focused.blur();
      if (interaction.state().picker) return interaction.set({ picker: null });
      if (isOpen) return void navigate({ to: '/', search: true });
      interaction.set({ selected: null });
    },
    target() {
      if (isOpen) {
        const issue = book.find(`${params.owner}/${params.repo}`, Number(params.number));
        return issue ? { key: keyOf(issue), place: 'page' } : null;
      }
      const issue = selected();
      return issue ? { key: keyOf(issue), place: 'row' } : null;
    },
  };
}
