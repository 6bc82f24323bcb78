import { type MouseEvent, memo } from 'react';
import type { FieldName } from '../../../src/contracts/classification.ts';
import type { IssueSummary } from '../../../src/contracts/rest.ts';
import { issuePath, nameOf } from '../issue/issue-name.ts';
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
  /** The address's query, which an issue's own address keeps. */
  readonly search: string;
  readonly onOpen: (issue: IssueSummary) => void;
}

/** One issue, one line. Rows come and go by the dozen while one scrolls, so they hold no state of their own. */
export const IssueRow = memo(function IssueRow(props: Props) {
  const { issue, state } = props;
  const title = oneLine(issue.title);
  const [owner = '', repo = ''] = issue.repository.split('/');
  const open = (event: MouseEvent) => {
    const control = event.target instanceof Element && event.target.closest('button, a, [role="menu"]');
    const link = control instanceof Element && control.classList.contains('row-title');
    const elsewhere = event.metaKey || event.ctrlKey || event.shiftKey;
    if ((control && !link) || (link && elsewhere)) return;
    event.preventDefault();
    if (state !== 'deleted') props.onOpen(issue);
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
        <a
          className="row-title"
          href={`${issuePath(issue)}${props.search}`}
          tabIndex={-1}
          title={title}
          dir="auto"
        >
          {title}
        </a>
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
