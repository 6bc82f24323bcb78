import { Link } from '@tanstack/react-router';
import { type MouseEvent, memo } from 'react';
import type { FieldName } from '../../../src/contracts/classification.ts';
import type { IssueSummary } from '../../../src/contracts/rest.ts';
import { useNavigateIssues } from '../app/use-navigate-issues.ts';
import { nameOf } from '../issue/issue-name.ts';
import { oneLine } from '../issue/one-line.ts';
import { SampleMark } from '../parts/sample-mark.tsx';
import { StateIcon } from '../parts/state-icon.tsx';
import { Time } from '../parts/time.tsx';
import { RowActions } from './row-actions.tsx';
import { RowChoice } from './row-choice.tsx';
import type { RowState } from './row-state.ts';
import { Sureness } from './sureness.tsx';

interface Props {
  readonly id: string;
  readonly issue: IssueSummary;
  readonly index: number;
  readonly top: number;
  readonly state: RowState;
  readonly selected: boolean;
  readonly arrived: boolean;
  /** The field whose menu is open on this row. */
  readonly picking: FieldName | null;
  readonly undo: boolean;
}

/** One issue, one line. */
export const IssueRow = memo(function IssueRow(props: Props) {
  const { issue, state } = props;
  const { show } = useNavigateIssues();
  const title = oneLine(issue.title);
  const [owner = '', repo = ''] = issue.repository.split('/');
  const open = (event: MouseEvent) => {
    const control = event.target instanceof Element && event.target.closest('button, a, [role="menu"]');
    if (control || state === 'deleted') return;
    show(issue);
  };
  const classes = ['issue-row', state, issue.state, props.selected && 'selected', props.arrived && 'arrived'];
  return (
    <div
      id={props.id}
      className={classes.filter(Boolean).join(' ')}
      role="row"
      aria-rowindex={props.index + 1}
      aria-selected={props.selected}
      style={{ transform: `translateY(${props.top}px)` }}
      onClick={open}
    >
      <span className="cell cell-state" role="gridcell">
        <StateIcon state={issue.state} reason={issue.stateReason} />
      </span>
      <span className="cell cell-title" role="gridcell">
        <Link
          className="row-title"
          to="/issues/$owner/$repo/$number"
          params={{ owner, repo, number: String(issue.number) }}
          search={true}
          tabIndex={-1}
          title={title}
          dir="auto"
        >
          {title}
        </Link>
        {issue.origin === 'sample' ? <SampleMark /> : null}
        {state === 'deleted' ? <span className="row-origin">Deleted</span> : null}
        {state === 'elsewhere' ? <span className="row-origin">No longer fits the filter</span> : null}
      </span>
      <span className="cell cell-name" role="gridcell" title={nameOf(issue)}>
        <span className="row-owner">{owner}/</span>
        <span className="row-repo">{repo}</span>
        <span className="row-number number">#{issue.number}</span>
      </span>
      <span className="cell cell-category" role="gridcell">
        <RowChoice issue={issue} field="category" open={props.picking === 'category'} />
      </span>
      <span className="cell cell-sure" role="gridcell">
        <Sureness issue={issue} />
      </span>
      <span className="cell cell-priority" role="gridcell">
        <RowChoice issue={issue} field="priority" open={props.picking === 'priority'} />
      </span>
      <span className="cell cell-age" role="gridcell">
        <Time at={issue.updatedAt} />
      </span>
      <RowActions issue={issue} undo={props.undo} />
    </div>
  );
});
