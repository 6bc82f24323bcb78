import ArrowUp from 'lucide-react/icons/arrow-up';
import type { RefObject } from 'react';
import { usePage, useQueue } from '../app/page-context.ts';

/** `3 new`: what came while the list was held still. */
export function WaitingPill({ scroller }: { readonly scroller: RefObject<HTMLDivElement | null> }) {
  const { live } = usePage();
  const { waiting } = useQueue().arrangement;
  const show = () => {
    scroller.current?.scrollTo({ top: 0 });
    live.queue.release();
  };
  return (
    <div className="waiting" role="status">
      {waiting > 0 ? (
        <button type="button" className="waiting-pill number" onClick={show}>
          <ArrowUp size={14} aria-hidden="true" />
          {waiting.toLocaleString('en')} new
        </button>
      ) : null}
    </div>
  );
}
