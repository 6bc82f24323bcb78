import type { IssueSummary } from '../../../src/contracts/rest.ts';
import type { Filter } from './filter.ts';

/**
 * Whether an issue belongs to a filtered list. The feed carries no bodies, so a search by words can only be
 * decided here for titles and numbers; `listed` says that the server found it, perhaps by its body.
 */
export function matches(issue: IssueSummary, filter: Filter, listed: boolean): boolean {
  const { classification } = issue;
  if (filter.repository && issue.repository.toLowerCase() !== filter.repository.toLowerCase()) return false;
  if (filter.state !== 'all' && issue.state !== filter.state) return false;
  if (filter.category && classification?.category !== filter.category) return false;
  if (filter.priority && classification?.priority !== filter.priority) return false;
  if (filter.source && classification?.source !== filter.source) return false;
  return listed || matchesWords(issue, filter.q?.trim() ?? '');
}

function matchesWords(issue: IssueSummary, q: string): boolean {
  if (q === '') return true;
  const number = /^#?(\d{1,10})$/.exec(q);
  if (number && Number(number[1]) === issue.number) return true;
  const title = issue.title.toLowerCase();
  return q
    .toLowerCase()
    .split(/\s+/)
    .every((word) => title.includes(word));
}

/** The list's order: newest activity first, ties by repository id and number, as the server pages. */
export function compareIssues(a: IssueSummary, b: IssueSummary): number {
  if (a.updatedAt !== b.updatedAt) return a.updatedAt < b.updatedAt ? 1 : -1;
  return b.repositoryId - a.repositoryId || b.number - a.number;
}
