import { expect, it } from 'vitest';
import { everything } from './filter.ts';
import { classificationOf, issueOf } from './issue.fixture.ts';
import { IssueBook } from './issue-book.ts';
import { isUnsure, percent, rowState } from './row-state.ts';
import { stepTo } from './step.ts';

it('tells a row that was deleted or no longer fits', () => {
  const book = new IssueBook();
  const issue = issueOf(1);
  book.put(issue);
  expect(rowState(issue, '1#1', book, everything)).toBe('present');
  expect(rowState(issue, '1#1', book, { ...everything, category: 'question' })).toBe('elsewhere');
  book.remove({ ...issue, version: 900 });
  expect(rowState(issue, '1#1', book, everything)).toBe('deleted');
});

it('marks an open issue as unsure below 60 %, unless a person decided', () => {
  const category = { value: 'bug', confidence: 0.59, reason: '', evidence: [], source: 'local' } as const;
  const unsure = issueOf(1, 0, {
    classification: classificationOf({ category: { ...category, evidence: [] } }),
  });
  expect(isUnsure(unsure)).toBe(true);
  expect(isUnsure({ ...unsure, state: 'closed' })).toBe(false);
  expect(isUnsure(issueOf(1))).toBe(false);
  const decided = classificationOf({ category: { ...category, evidence: [], source: 'person' } });
  expect(isUnsure({ ...unsure, classification: decided })).toBe(false);
  expect(isUnsure({ ...unsure, classification: null })).toBe(false);
  expect(percent(0.824)).toBe('82 %');
});

it('steps within the list', () => {
  const shown = ['a', 'b', 'c'];
  expect(stepTo(shown, null, 1)).toBe('a');
  expect(stepTo(shown, null, -1)).toBe('a');
  expect(stepTo(shown, 'a', 1)).toBe('b');
  expect(stepTo(shown, 'c', 1)).toBe('c');
  expect(stepTo(shown, 'b', Number.NEGATIVE_INFINITY)).toBe('a');
  expect(stepTo(shown, 'a', Number.POSITIVE_INFINITY)).toBe('c');
  expect(stepTo([], 'a', 1)).toBeNull();
});
