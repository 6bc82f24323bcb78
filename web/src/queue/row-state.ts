import type { IssueSummary } from '../../../src/contracts/rest.ts';
import type { Filter } from './filter.ts';
import type { IssueBook } from './issue-book.ts';
import { matches } from './match.ts';

/** How a row stands: `deleted` and `elsewhere` keep their place until the list may move again. */
export type RowState = 'present' | 'deleted' | 'elsewhere';

export function rowState(issue: IssueSummary, key: string, book: IssueBook, filter: Filter): RowState {
  if (book.isDeleted(key)) return 'deleted';
  return matches(issue, filter, true) ? 'present' : 'elsewhere';
}

/** Below this a category is worth a person's look; the statistics count by the same bound. */
export const unsureBelow = 0.6;

export function isUnsure(issue: IssueSummary): boolean {
  const category = issue.classification?.fields.category;
  return (
    issue.state === 'open' &&
    category !== undefined &&
    category.source !== 'person' &&
    category.confidence < unsureBelow
  );
}

export const percent = (fraction: number): string => `${Math.round(fraction * 100)} %`;
