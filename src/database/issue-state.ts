import type { IssueState } from '../contracts/issue.ts';
import { instant } from '../domain/instant.ts';
import type { IssuesTable } from './tables.ts';

type IssueStateColumns = Omit<
  IssuesTable,
  'labels' | 'assignees' | 'created_at' | 'updated_at' | 'closed_at'
> & {
  readonly labels: string[];
  readonly assignees: string[];
  readonly created_at: Date;
  readonly updated_at: Date;
  readonly closed_at: Date | null;
};

/** The state that a row of `issues` holds, in the words of the contract. */
export function stateOfRow(
  row: Omit<IssueStateColumns, 'guards' | 'version' | 'content_hash' | 'origin'>,
): IssueState {
  return {
    repository: row.repository,
    title: row.title,
    body: row.body,
    state: row.state,
    stateReason: row.state_reason,
    author: row.author,
    authorAssociation: row.author_association,
    labels: row.labels,
    assignees: row.assignees,
    milestone: row.milestone,
    issueType: row.issue_type,
    locked: row.locked,
    lockReason: row.lock_reason,
    pinned: row.pinned,
    comments: row.comments,
    url: row.url,
    createdAt: instant(row.created_at.getTime()),
    updatedAt: instant(row.updated_at.getTime()),
    closedAt: row.closed_at ? instant(row.closed_at.getTime()) : null,
  };
}

/** A state as columns, for `json_to_recordset`. */
export function rowOfState(state: IssueState) {
  return {
    repository: state.repository,
    title: state.title,
    body: state.body,
    state: state.state,
    state_reason: state.stateReason,
    author: state.author,
    author_association: state.authorAssociation,
    labels: state.labels,
    assignees: state.assignees,
    milestone: state.milestone,
    issue_type: state.issueType,
    locked: state.locked,
    lock_reason: state.lockReason,
    pinned: state.pinned,
    comments: state.comments,
    url: state.url,
    created_at: state.createdAt,
    updated_at: state.updatedAt,
    closed_at: state.closedAt,
  };
}
