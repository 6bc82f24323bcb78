import fc from 'fast-check';
import type { IssueState } from '../contracts/issue.ts';
import type { Change, IssueEvent } from './issue-event.ts';

/** A step of an issue's life on GitHub: what someone did, and whether GitHub's clock had moved on since the last. */
interface Step {
  readonly tick: 0 | 1;
  readonly act:
    | { readonly kind: 'label' | 'assignee'; readonly name: string; readonly added: boolean }
    | { readonly kind: 'title' | 'body' }
    /** To a title that it may have had before. */
    | { readonly kind: 'retitle'; readonly name: string }
    | { readonly kind: 'close' | 'reopen' | 'lock' | 'unlock' | 'pin' | 'unpin' | 'comment' }
    | { readonly kind: 'milestone'; readonly name: string | null };
}

const name = fc.constantFrom('a', 'b', 'c');
const act: fc.Arbitrary<Step['act']> = fc.oneof(
  fc.record({ kind: fc.constantFrom('label' as const, 'assignee' as const), name, added: fc.boolean() }),
  fc.record({ kind: fc.constantFrom('title' as const, 'body' as const) }),
  fc.record({ kind: fc.constant('retitle' as const), name }),
  fc.record({
    kind: fc.constantFrom(
      'close' as const,
      'reopen' as const,
      'lock' as const,
      'unlock' as const,
      'pin' as const,
      'unpin' as const,
      'comment' as const,
    ),
  }),
  fc.record({ kind: fc.constant('milestone' as const), name: fc.option(name) }),
);

/** What two acts of one second must not share for their arrival order not to matter. */
function subject(step: Step['act']): string {
  switch (step.kind) {
    case 'label':
    case 'assignee':
      return `${step.kind} ${step.name}`;
    case 'close':
    case 'reopen':
      return 'state';
    case 'lock':
    case 'unlock':
      return 'lock';
    case 'pin':
    case 'unpin':
      return 'pin';
    default:
      return step.kind;
  }
}

const steps = fc.array(fc.record({ tick: fc.constantFrom(0 as const, 0 as const, 1 as const), act }), {
  maxLength: 9,
});

/** Any life of an issue, as the events that GitHub would send, in the order in which they happened. */
export const history: fc.Arbitrary<readonly IssueEvent[]> = steps.map(live);

/**
 * Lives in which no second holds opposite actions on one field: there the arrival order must not matter. Pins are
 * ordered by arrival alone, so they happen at most once.
 */
export const historyWithoutOpposites: fc.Arbitrary<readonly IssueEvent[]> = steps.map((all) => {
  const kept: Step[] = [];
  let seen = new Set<string>();
  let pinned = false;
  let ticked: Step['tick'] = 0;
  for (const { tick, act } of all) {
    // The clock of a step that is left out has moved all the same.
    if (tick === 1) {
      ticked = 1;
      seen = new Set();
    }
    if (act.kind === 'retitle') continue;
    const isPin = subject(act) === 'pin';
    // An edit chain a → b → c in one second is no opposite: each `from` says where it belongs.
    const opposite =
      seen.has(subject(act)) && act.kind !== 'title' && act.kind !== 'body' && act.kind !== 'comment';
    if (opposite || (isPin && pinned)) continue;
    seen.add(subject(act));
    pinned ||= isPin;
    kept.push({ tick: ticked, act });
    ticked = 0;
  }
  return live(kept);
});

const start = Date.UTC(2026, 0, 1);

export const openedState: IssueState = {
  repository: 'octo/harbor',
  title: 'title 0',
  body: 'body 0',
  state: 'open',
  stateReason: null,
  author: 'mona',
  authorAssociation: 'NONE',
  labels: [],
  assignees: [],
  milestone: null,
  issueType: null,
  locked: false,
  lockReason: null,
  pinned: false,
  comments: 0,
  url: 'https://github.com/octo/harbor/issues/1',
  createdAt: '2026-01-01T00:00:00Z',
  updatedAt: '2026-01-01T00:00:00Z',
  closedAt: null,
};

function live(all: readonly Step[]): IssueEvent[] {
  let second = start;
  let texts = 0;
  let comments = 0;
  let state = openedState;
  const events: IssueEvent[] = [];
  const emit = (action: string, change: Change, event: IssueEvent['event'] = 'issues') => {
    const at = `${new Date(second).toISOString().slice(0, 19)}Z`;
    state = { ...state, updatedAt: at };
    events.push({
      key: { repositoryId: 1, number: 1 },
      deliveryId: `delivery-${events.length}`,
      event,
      action,
      second,
      rank: action === 'opened' ? 1 : 2,
      receivedAt: start + events.length,
      origin: 'github',
      actor: 'mona',
      state,
      complete: true,
      change,
      comments: [second, event === 'issue_comment' ? 1 : 0, comments],
    });
  };
  emit('opened', { field: 'none' });
  for (const { tick, act } of all) {
    second += tick * 1000;
    switch (act.kind) {
      case 'label':
      case 'assignee': {
        const field = act.kind === 'label' ? 'labels' : 'assignees';
        const others = state[field].filter((each) => each !== act.name);
        state = { ...state, [field]: act.added ? [...others, act.name].sort() : others };
        emit(`${act.kind} ${act.added}`, { field, name: act.name, added: act.added });
        break;
      }
      case 'title':
      case 'body': {
        const from = state[act.kind] ?? '';
        texts += 1;
        state = { ...state, [act.kind]: `${act.kind} ${texts}` };
        emit('edited', {
          field: 'text',
          ...(act.kind === 'title' ? { titleFrom: from } : { bodyFrom: from }),
        });
        break;
      }
      case 'retitle': {
        const titleFrom = state.title;
        if (titleFrom === act.name) break;
        state = { ...state, title: act.name };
        emit('edited', { field: 'text', titleFrom });
        break;
      }
      case 'close':
      case 'reopen':
        state =
          act.kind === 'close'
            ? { ...state, state: 'closed', stateReason: 'completed', closedAt: state.updatedAt }
            : { ...state, state: 'open', stateReason: 'reopened', closedAt: null };
        emit(act.kind, { field: 'state' });
        break;
      case 'lock':
      case 'unlock':
        state = { ...state, locked: act.kind === 'lock', lockReason: act.kind === 'lock' ? 'spam' : null };
        emit(act.kind, { field: 'lock' });
        break;
      case 'pin':
      case 'unpin':
        emit(act.kind, { field: 'pin', pinned: act.kind === 'pin' });
        break;
      case 'comment':
        comments += 1;
        emit('created', { field: 'none' }, 'issue_comment');
        break;
      case 'milestone':
        state = { ...state, milestone: act.name };
        emit('milestoned', { field: 'milestone' });
        break;
    }
  }
  return events;
}
