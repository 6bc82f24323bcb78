import ExternalLink from 'lucide-react/icons/external-link';
import type { IssueSummary } from '../../../src/contracts/rest.ts';
import { webAddress } from '../issue/safe-address.ts';
import { UndoButton } from './undo-button.tsx';

interface Props {
  readonly issue: IssueSummary;
  readonly undo: boolean;
}

/** Lies over the end of a row on hover and focus; takes no space before. Undo stays while there is something to undo. */
export function RowActions({ issue, undo }: Props) {
  const address = issue.origin === 'sample' ? null : webAddress(issue.url);
  if (!undo && !address) return null;
  return (
    <span className={undo ? 'row-actions pinned' : 'row-actions'} role="gridcell">
      {undo ? <UndoButton /> : null}
      {address ? (
        <a
          className="row-action"
          href={address}
          target="_blank"
          rel="noopener noreferrer nofollow"
          tabIndex={-1}
          title="Open on GitHub"
          aria-label="Open on GitHub"
        >
          <ExternalLink size={14} aria-hidden="true" />
        </a>
      ) : null}
    </span>
  );
}
