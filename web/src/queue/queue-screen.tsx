import { Outlet, useParams } from '@tanstack/react-router';
import { useEffect, useRef } from 'react';
import { usePage, useQueue } from '../app/page-context.ts';
import { useFilter } from '../app/use-filter.ts';
import { FirstRunBanner } from '../setup/first-run-banner.tsx';
import { IssueList } from './issue-list.tsx';
import { ListNotice } from './list-notice.tsx';
import { Toolbar } from './toolbar.tsx';
import { useHold } from './use-hold.ts';
import { WaitingPill } from './waiting-pill.tsx';
import './queue-screen.css';

/** The queue, and from 1,100 px an issue beside it; below that the issue takes its place. */
export function QueueScreen() {
  const { live } = usePage();
  const [filter] = useFilter();
  const params = useParams({ strict: false });
  const { arrangement } = useQueue();
  const scroller = useRef<HTMLDivElement>(null);
  const isOpen = params.number !== undefined;
  const pointer = useHold(scroller, isOpen);

  useEffect(() => {
    scroller.current?.scrollTo({ top: 0 });
    void live.show(filter);
  }, [live, filter]);

  useEffect(() => {
    document.title = params.number ? `${params.owner}/${params.repo}#${params.number}` : 'Queue · DispatchAI';
  }, [params.owner, params.repo, params.number]);

  return (
    <div className={isOpen ? 'queue-screen with-issue' : 'queue-screen'}>
      <section className="queue" aria-label="Queue">
        <Toolbar />
        <FirstRunBanner />
        <div className="queue-body" {...pointer}>
          <WaitingPill scroller={scroller} />
          {arrangement.shown.length === 0 ? <ListNotice /> : null}
          <IssueList scroller={scroller} />
        </div>
      </section>
      <Outlet />
    </div>
  );
}
