import { describe, expect, it } from 'vitest';
import { everything } from './filter.ts';
import { issueOf } from './issue.fixture.ts';
import { compareIssues, matches } from './match.ts';

describe('an issue of the feed against a filter', () => {
  const issue = issueOf(12, 0, { title: 'Crash on start' });

  it('fits by repository in any case, category, priority, state and source', () => {
    expect(matches(issue, { ...everything, repository: 'Acme/Shop' }, false)).toBe(true);
    expect(
      matches(issue, { ...everything, category: 'bug', priority: 'medium', source: 'local' }, false),
    ).toBe(true);
    expect(matches(issue, { ...everything, category: 'question' }, false)).toBe(false);
    expect(matches(issue, { ...everything, source: 'person' }, false)).toBe(false);
    expect(matches(issueOf(1, 0, { state: 'closed' }), everything, false)).toBe(false);
    expect(matches(issueOf(1, 0, { state: 'closed' }), { state: 'all' }, false)).toBe(true);
    expect(matches(issueOf(1, 0, { classification: null }), { ...everything, category: 'bug' }, false)).toBe(
      false,
    );
  });

  it('fits a search by its words or its number', () => {
    expect(matches(issue, { ...everything, q: 'START crash' }, false)).toBe(true);
    expect(matches(issue, { ...everything, q: '#12' }, false)).toBe(true);
    expect(matches(issue, { ...everything, q: '12' }, false)).toBe(true);
    expect(matches(issue, { ...everything, q: 'stop' }, false)).toBe(false);
  });

  it('stays in a search that the server found it for, by its body', () => {
    expect(matches(issue, { ...everything, q: 'only in the body' }, true)).toBe(true);
  });
});

it('orders by newest activity, then by repository and number', () => {
  const sorted = [issueOf(1, 5), issueOf(2, 9), issueOf(3, 5), issueOf(1, 5, { repositoryId: 2 })].sort(
    compareIssues,
  );
  expect(sorted.map((issue) => [issue.repositoryId, issue.number])).toEqual([
    [1, 2],
    [2, 1],
    [1, 3],
    [1, 1],
  ]);
});
