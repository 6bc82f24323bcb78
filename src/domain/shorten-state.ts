import type { IssueState } from '../contracts/issue.ts';
import type { EnrichedIssue } from '../contracts/topics.ts';

const longestBody = 16_000;
const longestText = 1_000;
const longestName = 200;
const longestList = 100;

/**
 * A state that its topic does not take whole, with its texts and lists cut: some 100 KB at most, whatever it was. The
 * last record of an issue has to be its newest version; a body that readers get elsewhere may be missing from it, an
 * older version in its place would be wrong.
 */
export function shortenState(record: EnrichedIssue): EnrichedIssue {
  return { ...record, truncated: true, issue: shortenIssue(record.issue) };
}

function shortenIssue(issue: IssueState): IssueState {
  return {
    ...issue,
    title: cut(issue.title, longestText),
    body: issue.body && cut(issue.body, longestBody),
    labels: issue.labels.slice(0, longestList).map((name) => cut(name, longestName)),
    assignees: issue.assignees.slice(0, longestList).map((name) => cut(name, longestName)),
    author: issue.author && cut(issue.author, longestName),
    authorAssociation: issue.authorAssociation && cut(issue.authorAssociation, longestName),
    milestone: issue.milestone && cut(issue.milestone, longestName),
    issueType: issue.issueType && cut(issue.issueType, longestName),
    stateReason: issue.stateReason && cut(issue.stateReason, longestName),
    lockReason: issue.lockReason && cut(issue.lockReason, longestName),
  };
}

/** A pair of surrogates that the cut goes through becomes U+FFFD. */
const cut = (text: string, length: number): string =>
  text.length <= length ? text : text.slice(0, length).toWellFormed();
