import { describe, expect, it } from 'vitest';
import { issueOf } from './issue.fixture.ts';
import { IssueBook } from './issue-book.ts';

const gone = (version: number) => ({ repositoryId: 1, repository: 'acme/shop', number: 1, version });

describe('the newest that is known of an issue', () => {
  it('takes newer versions only', () => {
    const book = new IssueBook();
    expect(book.put(issueOf(1, 0, { version: 5, title: 'new' }))).toBe(true);
    expect(book.put(issueOf(1, 0, { version: 5, title: 'same' }))).toBe(false);
    expect(book.put(issueOf(1, 0, { version: 4, title: 'old' }))).toBe(false);
    expect(book.get('1#1')?.title).toBe('new');
  });

  it('does not bring back what was deleted, unless it is newer', () => {
    const book = new IssueBook();
    book.put(issueOf(1, 0, { version: 5 }));
    expect(book.remove(gone(4))).toBe(false);
    expect(book.remove(gone(7))).toBe(true);
    expect(book.isDeleted('1#1')).toBe(true);
    expect(book.put(issueOf(1, 0, { version: 6 }))).toBe(false);
    expect(book.get('1#1')).toBeUndefined();
    expect(book.put(issueOf(1, 0, { version: 8 }))).toBe(true);
    expect(book.isDeleted('1#1')).toBe(false);
  });

  it('remembers a deletion that came before the issue', () => {
    const book = new IssueBook();
    book.remove(gone(7));
    expect(book.put(issueOf(1, 0, { version: 6 }))).toBe(false);
  });

  it('finds by name, the newest repository of that name', () => {
    const book = new IssueBook();
    book.put(issueOf(1, 0, { title: 'old repository' }));
    book.put(issueOf(1, 0, { repositoryId: 9, title: 'new repository' }));
    expect(book.find('ACME/shop', 1)?.title).toBe('new repository');
    expect(book.find('acme/shop', 2)).toBeUndefined();
  });

  it('forgets the oldest beyond its capacity', () => {
    const book = new IssueBook(2);
    for (const number of [1, 2, 3]) book.put(issueOf(number));
    expect([1, 2, 3].map((number) => book.get(`1#${number}`)?.number)).toEqual([undefined, 2, 3]);
  });
});
