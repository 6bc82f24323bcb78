import { describe, expect, it } from 'vitest';
import type { Classification } from '../../../src/contracts/classification.ts';
import { classificationOf, issueOf } from '../queue/issue.fixture.ts';
import { changedFields, changeSentence, mayRetry, newestDetail, undoOf } from './correction.ts';
import { textChange } from './text-field.ts';

const categoryBy = (source: 'local' | 'person', value: Classification['category']): Classification =>
  classificationOf({ category: { value, confidence: 1, reason: '', evidence: [], source } });

describe('taking a correction back', () => {
  it("gives the classifier's answer back where no person had set one", () => {
    expect(undoOf(categoryBy('local', 'bug'), { category: 'feature' })).toEqual({ undo: ['category'] });
  });

  it("sets a person's earlier value again", () => {
    expect(undoOf(categoryBy('person', 'bug'), { category: 'feature', priority: 'low' })).toEqual({
      category: 'bug',
      undo: ['priority'],
    });
  });
});

describe('a refused correction', () => {
  it('may be sent again when nobody touched its fields', () => {
    expect(mayRetry(categoryBy('local', 'bug'), categoryBy('local', 'question'), ['category'])).toBe(true);
    expect(mayRetry(categoryBy('person', 'bug'), categoryBy('person', 'bug'), ['category'])).toBe(true);
  });

  it('is put before the person when somebody else decided', () => {
    expect(mayRetry(categoryBy('local', 'bug'), categoryBy('person', 'question'), ['category'])).toBe(false);
    expect(mayRetry(categoryBy('person', 'bug'), categoryBy('person', 'question'), ['category'])).toBe(false);
    expect(mayRetry(categoryBy('local', 'bug'), categoryBy('person', 'question'), ['priority'])).toBe(true);
  });
});

it('says what changed', () => {
  expect(changeSentence({ category: 'documentation' })).toBe('Category set to Docs');
  expect(changeSentence({ tags: [], undo: ['priority'] })).toBe(
    'Tags set to None, Priority given back to the classifier',
  );
  expect(changedFields({ tags: [], undo: ['priority'] })).toEqual(['tags', 'priority']);
});

it('reads free text fields', () => {
  expect(textChange('component', ' ')).toEqual({ component: null });
  expect(textChange('component', ' api ')).toEqual({ component: 'api' });
  expect(textChange('summary', ' ')).toBeNull();
  expect(textChange('tags', 'a, b,, a , c')).toEqual({ tags: ['a', 'b', 'c'] });
});

it('shows the newest of detail and feed', () => {
  const detail = { issue: { ...issueOf(1), body: 'text' }, classification: null, history: [], events: [] };
  const newer = issueOf(1, 1, { version: 900, title: 'Newer' });
  expect(newestDetail(detail, newer).issue).toMatchObject({ title: 'Newer', body: 'text' });
  expect(newestDetail(detail, issueOf(1, 1, { version: 1, title: 'Older' }))).toBe(detail);
  expect(newestDetail(detail, undefined)).toBe(detail);
});
