import ExternalLink from 'lucide-react/icons/external-link';
import Undo2 from 'lucide-react/icons/undo-2';
import type { IssueSummary } from '../../../src/contracts/rest.ts';
import { webAddress } from '../issue/safe-address.ts';
import { useUndo } from '../issue/use-correct.ts';

interface Props {
  readonly issue: IssueSummary;
  readonly undo: boolean;
}

/** Lies over the end of a row on hover and focus; takes no space before. Undo stays while there is something to undo. */
export function RowActions({ issue, undo }: Props) {
  const takeBack = useUndo();
  const address = issue.origin === 'sample' ? null : webAddress(issue.url);
  if (!undo && !address) return null;
  return (
    <span className={undo ? 'row-actions pinned' : 'row-actions'} role="gridcell">
      {undo ? (
        <button type="button" className="row-action" tabIndex={-1} onClick={takeBack} title="Undo (u)">
          <Undo2 size={14} aria-hidden="true" />
          Undo
        </button>
      ) : null}
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
