import { Link } from '@tanstack/react-router';
import ArrowLeft from 'lucide-react/icons/arrow-left';
import ExternalLink from 'lucide-react/icons/external-link';
import X from 'lucide-react/icons/x';
import type { Issue } from '../../../src/contracts/rest.ts';
import { useWide } from '../app/use-wide.ts';
import { StateIcon, stateWords } from '../parts/state-icon.tsx';
import { Time } from '../parts/time.tsx';
import { DeleteButton } from './delete-button.tsx';
import { nameOf } from './issue-name.ts';
import { oneLine } from './one-line.ts';
import { webAddress } from './safe-address.ts';

export function IssueHeader({ issue }: { readonly issue: Issue }) {
  const wide = useWide();
  const address = issue.origin === 'sample' ? null : webAddress(issue.url);
  return (
    <header className="issue-header">
      <div className="issue-bar">
        {wide ? null : (
          <Link
            className="icon-button"
            to="/"
            search={true}
            aria-label="Back to the queue"
            title="Back (Esc)"
          >
            <ArrowLeft size={16} aria-hidden="true" />
          </Link>
        )}
        <span className="issue-name" title={nameOf(issue)}>
          {nameOf(issue)}
        </span>
        {issue.origin === 'github' ? null : (
          <span className="row-origin">{issue.origin === 'sample' ? 'Sample' : 'Imported'}</span>
        )}
        <span className="issue-bar-space" />
        <DeleteButton issue={issue} />
        {address ? (
          <a
            className="icon-button"
            href={address}
            target="_blank"
            rel="noopener noreferrer nofollow"
            aria-label="Open on GitHub"
            title="Open on GitHub"
          >
            <ExternalLink size={16} aria-hidden="true" />
          </a>
        ) : null}
        {wide ? (
          <Link className="icon-button" to="/" search={true} aria-label="Close the issue" title="Close (Esc)">
            <X size={16} aria-hidden="true" />
          </Link>
        ) : null}
      </div>
      <h1 className="issue-title" dir="auto">
        {oneLine(issue.title)}
      </h1>
      <p className="issue-line">
        <StateIcon state={issue.state} reason={issue.stateReason} />
        <span>{stateWords({ state: issue.state, reason: issue.stateReason })}</span>
        <span>
          {issue.author ?? 'a deleted account'} opened it <Time at={issue.createdAt} sentence />
        </span>
        <span>
          active <Time at={issue.updatedAt} sentence />
        </span>
        {issue.comments > 0 ? (
          <span className="number">
            {issue.comments.toLocaleString('en')} {issue.comments === 1 ? 'comment' : 'comments'}
          </span>
        ) : null}
      </p>
    </header>
  );
}
