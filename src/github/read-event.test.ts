import { describe, expect, it } from 'vitest';
import type { IssueState } from '../contracts/issue.ts';
import type { RawHeaders } from '../contracts/topics.ts';
import { commentActions, issueActions } from '../contracts/webhook-events.ts';
import { foldEvents } from '../domain/fold-events.ts';
import type { IssueEvent } from '../domain/issue-event.ts';
import { readEvent } from './read-event.ts';

const opened = {
  number: 7,
  title: 'The crane stops',
  body: 'It stops.' as string | null,
  user: { login: 'mona' } as { login: string } | null,
  state: 'open',
  labels: [] as unknown[],
  assignees: [] as unknown[] | null,
  locked: false,
  comments: 3 as number | undefined,
  html_url: 'https://github.com/octo/harbor/issues/7',
  created_at: '2026-03-01T12:00:00Z',
  updated_at: '2026-03-01T12:00:00Z',
};
const fullId = Number.MAX_SAFE_INTEGER;

let deliveries = 0;
function read(action: string, issue: object = {}, more: object = {}, event: RawHeaders['event'] = 'issues') {
  deliveries += 1;
  const headers: RawHeaders = {
    'delivery-id': `delivery-${String(deliveries).padStart(4, '0')}`,
    event,
    action,
    issue: 'octo/harbor#7',
    'correlation-id': 'c',
    'received-at': String(deliveries),
    origin: 'github',
  };
  const payload = {
    action,
    issue: { ...opened, ...issue },
    repository: { id: fullId, full_name: 'octo/harbor' },
    ...more,
  };
  return readEvent(headers, Buffer.from(JSON.stringify(payload)));
}

function event(...of: Parameters<typeof read>): IssueEvent {
  const result = read(...of);
  if (result.kind === 'unreadable') throw new Error(result.reason);
  return result.event;
}

function fold(...events: readonly IssueEvent[]): IssueState | null {
  const folded = foldEvents({ held: null, ledger: null, stored: [] }, events);
  return folded.outcome === 'changed' ? folded.issue.state : null;
}

const later = { updated_at: '2026-03-01T12:00:09Z' };
/** What each action changes, said whole in a later second and by its one field in the same second. */
const changes: Readonly<Record<string, { issue: object; more?: object; state: Partial<IssueState> }>> = {
  opened: { issue: {}, state: { title: 'The crane stops', author: 'mona' } },
  edited: {
    issue: { title: 'It stops at noon', body: null },
    more: { changes: { title: { from: 'The crane stops' }, body: { from: 'It stops.' } } },
    state: { title: 'It stops at noon' },
  },
  closed: {
    issue: { state: 'closed', state_reason: 'completed', closed_at: '2026-03-01T12:00:00Z' },
    state: { state: 'closed', stateReason: 'completed', closedAt: '2026-03-01T12:00:00Z' },
  },
  reopened: {
    issue: { state: 'open', state_reason: 'reopened' },
    state: { state: 'open', stateReason: 'reopened', closedAt: null },
  },
  labeled: {
    issue: { labels: [{ name: '__proto__' }] },
    more: { label: { name: '__proto__' } },
    state: { labels: ['__proto__'] },
  },
  unlabeled: { issue: {}, more: { label: { name: 'gone' } }, state: { labels: [] } },
  assigned: {
    issue: { assignees: [{ login: 'constructor' }] },
    more: { assignee: { login: 'constructor' } },
    state: { assignees: ['constructor'] },
  },
  unassigned: { issue: {}, more: { assignee: { login: 'gone' } }, state: { assignees: [] } },
  milestoned: { issue: { milestone: { title: 'v2' } }, state: { milestone: 'v2' } },
  demilestoned: { issue: { milestone: null }, state: { milestone: null } },
  typed: { issue: { type: { name: 'Bug' } }, more: { type: { name: 'Bug' } }, state: { issueType: 'Bug' } },
  untyped: { issue: { type: null }, state: { issueType: null } },
  locked: {
    issue: { locked: true, active_lock_reason: 'spam' },
    state: { locked: true, lockReason: 'spam' },
  },
  unlocked: { issue: { locked: false }, state: { locked: false, lockReason: null } },
  pinned: { issue: {}, state: { pinned: true } },
  unpinned: { issue: {}, state: { pinned: false } },
};

describe('GitHub’s actions', () => {
  it.each(Object.keys(changes))('%s changes its field in a later second', (action) => {
    const { issue, more, state } = changes[action]!;
    expect(fold(event('opened'), event(action, { ...issue, ...later }, more))).toMatchObject(state);
  });

  it.each(Object.keys(changes))(
    '%s changes its field in the second of the opening, before or after it',
    (action) => {
      const { issue, more, state } = changes[action]!;
      const [first, second] = [event('opened'), event(action, issue, more)];
      expect(fold(first, second)).toMatchObject(state);
      expect(fold(second, first)).toMatchObject(state);
    },
  );

  it.each(['labeled', 'unlabeled', 'assigned', 'unassigned'])(
    '%s without a name goes by the whole list',
    (action) => {
      const issue = changes[action]!.issue;
      expect(fold(event('opened'), event(action, issue))).toMatchObject(changes[action]!.state);
    },
  );

  it('are all known', () => {
    expect([...Object.keys(changes), 'deleted', 'transferred'].sort()).toEqual([...issueActions].sort());
  });

  it.each([
    ['deleted', 'github-deleted'],
    ['transferred', 'github-transferred'],
  ])('%s removes the issue for good', (action, reason) => {
    const folded = foldEvents({ held: null, ledger: null, stored: [] }, [event(action)]);
    expect(folded).toMatchObject({ outcome: 'deleted', reason });
  });
});

describe('the comment count', () => {
  const comment = (action: string, comments: number | undefined) =>
    event(action, { ...later, comments }, {}, 'issue_comment');

  const counts = { created: [3, 4], edited: [4, 4], deleted: [4, 3] } as const;

  it.each(commentActions)('follows a comment %s', (action) => {
    const [said, comments] = counts[action];
    expect(fold(event('opened'), comment(action, said))).toMatchObject({ comments });
  });

  it('stays where a payload does not say it', () => {
    expect(fold(event('opened'), event('labeled', { ...later, comments: undefined }))).toMatchObject({
      comments: 3,
    });
    expect(fold(event('opened'), comment('created', undefined))).toMatchObject({ comments: 3 });
  });
});

describe('a payload', () => {
  it.each([
    ['no user and no body', { user: null, body: null }, {}],
    ['no changes', {}, { changes: null }],
    ['empty changes', {}, { changes: {} }],
    ['no former text', {}, { changes: { body: { from: null }, title: null } }],
    ['labels by name, and one without', { labels: ['bug', { name: null }, {}] }, {}],
    ['nobody assigned', { assignees: null }, {}],
    ['a deleted assignee', { assignees: [null] }, { assignee: null }],
    ['names of Object.prototype', { labels: [{ name: 'toString' }] }, { constructor: {}, toString: 1 }],
  ])('with %s can be read', (_, issue, more) => {
    expect(event('edited', issue, more).key).toEqual({ repositoryId: fullId, number: 7 });
  });

  it.each([
    ['a number as text', { number: '7' }, {}],
    ['an id past what a number holds', {}, { repository: { id: 2 ** 53, full_name: 'octo/harbor' } }],
    ['a huge number', { number: 1e300 }, {}],
    ['a time of no year', { updated_at: '0000-01-01T00:00:00Z' }, {}],
    ['a count below nothing', { comments: -1 }, {}],
  ])('with %s cannot', (_, issue, more) => {
    expect(read('edited', issue, more).kind).toBe('unreadable');
  });
});
