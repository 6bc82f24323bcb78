import { Link } from '@tanstack/react-router';
import { sentenceOf } from '../api/client.ts';
import { usePage, useQueue } from '../app/page-context.ts';
import { useFilter } from '../app/use-filter.ts';
import { everything, isNarrowed } from './filter.ts';
import { Skeleton } from './skeleton.tsx';
import './list-notice.css';

/** What stands where rows would be: still loading, nothing there, nothing found, or why not. */
export function ListNotice() {
  const { live } = usePage();
  const { phase, failure } = useQueue();
  const [filter, show] = useFilter();
  if (failure?.kind === 'problem' && failure.problem.status === 401) {
    return (
      <Notice title="Sign in to see the queue">
        This server asks for its token.{' '}
        <a className="link" href="/login">
          Sign in
        </a>
      </Notice>
    );
  }
  if (phase === 'failed' && failure) {
    return (
      <Notice title="The queue could not be loaded">
        {sentenceOf(failure)}{' '}
        <button type="button" className="text-button" onClick={() => void live.reload()}>
          Try again
        </button>
      </Notice>
    );
  }
  if (phase === 'loading' || phase === 'changing') return <Skeleton />;
  if (isNarrowed(filter)) {
    return (
      <Notice title="No issue fits this filter">
        <button type="button" className="text-button" onClick={() => show(everything)}>
          Show all open issues
        </button>
      </Notice>
    );
  }
  return (
    <Notice title="No open issues">
      New ones appear here as they arrive.{' '}
      <Link className="link" to="/setup">
        Connect a repository
      </Link>
    </Notice>
  );
}

const Notice = (props: { readonly title: string; readonly children: React.ReactNode }) => (
  <div className="list-notice" role="status">
    <h2>{props.title}</h2>
    <p>{props.children}</p>
  </div>
);
