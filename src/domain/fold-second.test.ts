import { describe, expect, it } from 'vitest';
import type { IssueState } from '../contracts/issue.ts';
import { foldSecond } from './fold-second.ts';
import type { Change, IssueEvent } from './issue-event.ts';
import { openedState } from './issue-history.fixture.ts';

const second = Date.UTC(2026, 0, 1);
const state: IssueState = { ...openedState, title: 'before', body: null };

interface Said {
  readonly action: string;
  readonly receivedAt: number;
  readonly delivery?: string;
  readonly change?: Change;
  readonly state?: Partial<IssueState>;
}

function event({
  action,
  receivedAt,
  delivery = action,
  change = { field: 'none' },
  ...said
}: Said): IssueEvent {
  return {
    key: { repositoryId: 1, number: 1 },
    deliveryId: delivery,
    event: action === 'snapshot' ? 'snapshot' : 'issues',
    action,
    second,
    rank: action === 'snapshot' ? 0 : action === 'opened' ? 1 : 2,
    receivedAt,
    origin: 'github',
    actor: 'mona',
    state: { ...state, ...said.state },
    complete: true,
    change,
    comments: [second, 0, 0],
  };
}

const inBothOrders = (events: readonly IssueEvent[]) => [foldSecond(events), foldSecond(events.toReversed())];

describe('a second', () => {
  it('builds on the last received snapshot, and opened changes nothing of it', () => {
    const events = [
      event({ action: 'opened', receivedAt: 4 }),
      event({ action: 'snapshot', delivery: 'first', receivedAt: 2, state: { title: 'first' } }),
      event({ action: 'snapshot', delivery: 'last', receivedAt: 3, state: { title: 'last' } }),
    ];
    for (const folded of inBothOrders(events)) expect(folded.title).toBe('last');
  });

  it('applies to a snapshot what each further event names, also one received before it', () => {
    const labeled = event({
      action: 'labeled',
      receivedAt: 1,
      change: { field: 'labels', name: 'bug', added: true },
      state: { title: 'not looked at', labels: ['bug'] },
    });
    const snapshot = event({
      action: 'snapshot',
      receivedAt: 2,
      state: { title: 'imported', labels: ['old'] },
    });
    for (const folded of inBothOrders([labeled, snapshot])) {
      expect(folded).toMatchObject({ title: 'imported', labels: ['bug', 'old'] });
    }
  });

  it('begins with opened, whatever was received before it: an edit that was taken back stays so', () => {
    const edit = (delivery: string, receivedAt: number, titleFrom: string, title: string) =>
      event({
        action: 'edited',
        delivery,
        receivedAt,
        change: { field: 'text', titleFrom },
        state: { title },
      });
    const events = [
      edit('back', 1, 'after', 'before'),
      edit('forth', 2, 'before', 'after'),
      event({ action: 'opened', receivedAt: 3 }),
    ];
    for (const folded of inBothOrders(events)) expect(folded.title).toBe('before');
  });

  const label = (action: 'labeled' | 'unlabeled', receivedAt: number, delivery: string = action) =>
    event({
      action,
      receivedAt,
      delivery,
      change: { field: 'labels', name: 'bug', added: action === 'labeled' },
    });
  const opened = event({ action: 'opened', receivedAt: 0 });

  it('takes of two opposite actions the one received last', () => {
    for (const { labels } of inBothOrders([opened, label('labeled', 1), label('unlabeled', 2)])) {
      expect(labels).toEqual([]);
    }
    for (const { labels } of inBothOrders([opened, label('labeled', 2), label('unlabeled', 1)])) {
      expect(labels).toEqual(['bug']);
    }
  });

  it('takes of two opposite actions received at one moment always the same', () => {
    for (const { labels } of inBothOrders([opened, label('labeled', 1, 'b'), label('unlabeled', 1, 'a')])) {
      expect(labels).toEqual(['bug']);
    }
  });
});
