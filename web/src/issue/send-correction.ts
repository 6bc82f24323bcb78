import type { Issue, IssueDetail, IssueSummary } from '../../../src/contracts/rest.ts';
import { type Answered, ask } from '../api/client.ts';
import { type Change, changedFields, mayRetry } from './correction.ts';
import { issuePath } from './issue-name.ts';

export type Corrected =
  | Answered<Issue>
  /** Somebody else set the same field meanwhile; `newest` is how the issue stands now. */
  | { readonly kind: 'conflict'; readonly newest: Issue };

/** Sends a correction for the version that the person looked at. */
export async function sendCorrection(looked: IssueSummary, change: Change): Promise<Corrected> {
  const answered = await patch(looked, change);
  if (answered.kind !== 'problem' || answered.problem.status !== 409) return answered;
  const current = await ask<IssueDetail>(`/api${issuePath(looked)}`);
  if (current.kind !== 'ok') return current;
  const newest = current.value.issue;
  if (!mayRetry(looked.classification, newest.classification, changedFields(change))) {
    return { kind: 'conflict', newest };
  }
  return patch(newest, change);
}

const patch = (issue: IssueSummary, change: Change): Promise<Answered<Issue>> =>
  ask<Issue>(`/api${issuePath(issue)}/classification`, {
    method: 'PATCH',
    body: { version: issue.version, ...change },
  });
