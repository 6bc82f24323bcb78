import { beforeEach, describe, expect, it } from 'vitest';
import type { FeedMessage } from '../../../src/contracts/feed.ts';
import type { IssueList, IssueSummary } from '../../../src/contracts/rest.ts';
import type { Answered } from '../api/client.ts';
import { everything, type Filter } from './filter.ts';
import { classificationOf, issueOf } from './issue.fixture.ts';
import { QueueStore } from './queue-store.ts';

const issueMessage = (issue: IssueSummary): FeedMessage => ({ type: 'issue', cursor: 'x', issue });
const deletedMessage = (number: number, version: number): FeedMessage => ({
  type: 'deleted',
  cursor: 'x',
  repositoryId: 1,
  repository: 'acme/shop',
  number,
  version,
});
const page = (issues: IssueSummary[], part: Partial<IssueList> = {}): Answered<IssueList> => ({
  kind: 'ok',
  value: { issues, deleted: [], nextCursor: null, ...part },
});

interface Asked {
  readonly filter: Filter;
  readonly cursor: string | null;
  readonly answer: (answered: Answered<IssueList>) => void;
}

let asked: Asked[];
let store: QueueStore;
const numbers = () => store.snapshot().arrangement.shown.map((key) => Number(key.split('#')[1]));

beforeEach(() => {
  asked = [];
  store = new QueueStore(
    (filter, _limit, cursor) => new Promise((answer) => asked.push({ filter, cursor, answer })),
  );
});

async function loaded(issues: IssueSummary[], part: Partial<IssueList> = {}): Promise<void> {
  const loading = store.load(everything);
  asked.at(-1)?.answer(page(issues, part));
  await loading;
}

describe('the list', () => {
  it('shows an issue from its feed message alone', async () => {
    await loaded([issueOf(1)]);
    store.apply([issueMessage(issueOf(2))]);
    expect(numbers()).toEqual([2, 1]);
    expect(store.snapshot().arrangement.arrived).toEqual(new Set(['1#2']));
    expect(asked).toHaveLength(1);
  });

  it('shows what the feed brought while the first page was on its way', async () => {
    const loading = store.load(everything);
    store.apply([issueMessage(issueOf(1, 1, { version: 900, title: 'newer' })), issueMessage(issueOf(2))]);
    asked[0]?.answer(page([issueOf(1)]));
    await loading;
    expect(numbers()).toEqual([2, 1]);
    expect(store.book.get('1#1')?.title).toBe('newer');
  });

  it('does not bring back what the first page says was deleted', async () => {
    const deleted = { repositoryId: 1, repository: 'acme/shop', number: 2, version: 500 };
    await loaded([issueOf(1)], { deleted: [deleted] });
    store.apply([issueMessage(issueOf(2, 2, { version: 400 }))]);
    expect(numbers()).toEqual([1]);
  });

  it('takes a deleted issue away', async () => {
    await loaded([issueOf(2), issueOf(1)]);
    store.apply([deletedMessage(2, 500)]);
    expect(numbers()).toEqual([1]);
  });

  it('applies the filter to the feed', async () => {
    const loading = store.load({ state: 'open', category: 'question' });
    asked[0]?.answer(page([]));
    await loading;
    const question = classificationOf({
      category: { value: 'question', confidence: 0.9, reason: '', evidence: [], source: 'local' },
    });
    store.apply([issueMessage(issueOf(1)), issueMessage(issueOf(2, 2, { classification: question }))]);
    expect(numbers()).toEqual([2]);
  });

  it('leaves issues beyond the last loaded page to their page', async () => {
    await loaded([issueOf(9), issueOf(8)], { nextCursor: 'more' });
    store.apply([issueMessage(issueOf(3))]);
    expect(numbers()).toEqual([9, 8]);
    const more = store.loadMore();
    expect(asked.at(-1)?.cursor).toBe('more');
    asked.at(-1)?.answer(page([issueOf(3), issueOf(2)]));
    await more;
    expect(numbers()).toEqual([9, 8, 3, 2]);
    expect(store.snapshot().complete).toBe(true);
  });
});

describe('held', () => {
  beforeEach(async () => {
    await loaded([issueOf(2), issueOf(1)]);
    store.hold(true);
  });

  it('lets new rows wait until it is let go', () => {
    store.apply([issueMessage(issueOf(3)), issueMessage(issueOf(1, 50, { version: 900 }))]);
    expect(numbers()).toEqual([2, 1]);
    expect(store.snapshot().arrangement.waiting).toBe(1);
    store.hold(false);
    expect(numbers()).toEqual([1, 3, 2]);
  });

  it('lets a deleted row stand, and shows what waits when asked to', () => {
    store.apply([deletedMessage(2, 500), issueMessage(issueOf(3))]);
    expect(numbers()).toEqual([2, 1]);
    expect(store.lastSeen('1#2')?.number).toBe(2);
    store.release();
    expect(numbers()).toEqual([3, 1]);
  });

  it('takes away at once what the person deleted', () => {
    store.remove({ repositoryId: 1, repository: 'acme/shop', number: 2, version: 500 });
    expect(numbers()).toEqual([1]);
  });
});

describe('loading again', () => {
  it('forgets what the server no longer lists', async () => {
    await loaded([issueOf(2), issueOf(1)]);
    await loaded([issueOf(1)]);
    expect(numbers()).toEqual([1]);
  });

  it('ignores the answer for a filter that was left', async () => {
    const first = store.load({ state: 'all' });
    const second = store.load(everything);
    asked[1]?.answer(page([issueOf(1)]));
    await second;
    asked[0]?.answer(page([issueOf(2)]));
    await first;
    expect(numbers()).toEqual([1]);
  });

  it('keeps the rows and says why when it fails', async () => {
    await loaded([issueOf(1)]);
    const loading = store.load(everything);
    asked.at(-1)?.answer({ kind: 'unreachable', reason: 'refused' });
    await loading;
    expect(store.snapshot().phase).toBe('failed');
    expect(numbers()).toEqual([1]);
    store.apply([issueMessage(issueOf(2))]);
    expect(numbers()).toEqual([2, 1]);
  });
});
