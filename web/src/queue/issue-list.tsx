import { useParams, useRouterState } from '@tanstack/react-router';
import { useVirtualizer } from '@tanstack/react-virtual';
import { type RefObject, useCallback, useEffect, useRef } from 'react';
import type { IssueSummary } from '../../../src/contracts/rest.ts';
import { useInteraction, usePage, useQueue } from '../app/page-context.ts';
import { useNavigateIssues } from '../app/use-navigate-issues.ts';
import { IssueRow } from './issue-row.tsx';
import { rowState } from './row-state.ts';
import './issue-list.css';

const rowHeight = 36;
/** Rows before the end at which the next page is asked for. */
const loadAhead = 40;

/** The rows, of which only those in view exist. A grid to assistive technology, with the selected row active. */
export function IssueList({ scroller }: { readonly scroller: RefObject<HTMLDivElement | null> }) {
  const { live } = usePage();
  const { book } = live.queue;
  const { arrangement, filter, complete, phase } = useQueue();
  const { selected, picker, last } = useInteraction();
  const params = useParams({ strict: false });
  const search = useRouterState({ select: (state) => state.location.searchStr });
  const { show } = useNavigateIssues();
  const latestShow = useRef(show);
  latestShow.current = show;
  const open = useCallback((issue: IssueSummary) => latestShow.current(issue), []);
  const { shown, arrived } = arrangement;
  const rows = useVirtualizer({
    count: shown.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => rowHeight,
    overscan: 12,
    getItemKey: (index) => shown[index] ?? index,
  });
  const items = rows.getVirtualItems();
  const end = items.at(-1)?.index ?? 0;

  useEffect(() => {
    if (phase === 'ready' && !complete && end >= shown.length - loadAhead) void live.queue.loadMore();
  }, [live, phase, complete, end, shown.length]);

  const at = selected === null ? -1 : shown.indexOf(selected);
  const followed = useRef<string | null>(null);
  useEffect(() => {
    // Only a new selection scrolls, not a new place of the selected row.
    if (selected !== followed.current && at >= 0) rows.scrollToIndex(at, { align: 'auto' });
    followed.current = selected;
  }, [selected, at, rows]);

  const inView = items.some((item) => item.index === at);
  return (
    <div
      id="issues"
      ref={scroller}
      className={phase === 'changing' ? 'issue-list changing' : 'issue-list'}
      role="grid"
      aria-label="Issues"
      aria-rowcount={complete ? shown.length : -1}
      aria-busy={phase === 'loading' || phase === 'changing'}
      aria-activedescendant={inView ? rowId(selected ?? '') : undefined}
      tabIndex={0}
    >
      <div role="rowgroup" className="issue-rows" style={{ height: rows.getTotalSize() }}>
        {items.map((item) => {
          const key = shown[item.index] ?? '';
          const issue = book.get(key) ?? live.queue.lastSeen(key);
          if (!issue) return null;
          const isOpen =
            String(issue.number) === params.number && issue.repository === `${params.owner}/${params.repo}`;
          return (
            <IssueRow
              key={key}
              id={rowId(key)}
              issue={issue}
              index={item.index}
              top={item.start}
              state={rowState(issue, key, book, filter)}
              selected={key === selected || isOpen}
              arrived={arrived.has(key)}
              picking={picker?.key === key && picker.place === 'row' ? picker.field : null}
              undo={last?.key === key && last.undo !== null}
              search={search}
              onOpen={open}
            />
          );
        })}
      </div>
    </div>
  );
}

const rowId = (key: string): string => `issue-${key}`;
