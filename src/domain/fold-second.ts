import type { IssueState } from '../contracts/issue.ts';
import { type Change, compareEvents, type IssueEvent } from './issue-event.ts';

/**
 * The state after all events of one second, a pure function of the set: GitHub's `updated_at` has whole seconds,
 * so opened, edited and labeled of one issue can share one and arrive in any order.
 *
 * The base is the last received snapshot if there is one, else the first event's whole state; each further event
 * changes only the field that its action names. An edit applies, per field, when its `from` is what is held, and is
 * tried again until none fits. Only opposite actions on one field (a label put on and taken off) depend on arrival.
 *
 * @param held a state of that second that was taken over from `issues.enriched`, whose events are here in part or not
 *   at all: it is the base unless there is a snapshot
 */
export function foldSecond(events: readonly IssueEvent[], held: IssueState | null = null): IssueState {
  const ordered = events.toSorted(compareEvents);
  const snapshot = ordered.findLast((event) => event.rank === 0);
  const first = snapshot ?? (held ? undefined : (ordered.find((event) => event.complete) ?? ordered[0]));
  const base = first?.state ?? held;
  if (!base) throw new RangeError('a second without events has no state');
  const rest = ordered.filter((event) => event !== first && event.rank !== 0);
  const changed = rest.reduce((state, event) => applyChange(state, event.change, event.state), base);
  return applyEdits(changed, rest);
}

function applyChange(state: IssueState, change: Change, said: IssueState): IssueState {
  switch (change.field) {
    case 'state':
      return { ...state, state: said.state, stateReason: said.stateReason, closedAt: said.closedAt };
    case 'labels':
      return { ...state, labels: applyMembership(state.labels, change, said.labels) };
    case 'assignees':
      return { ...state, assignees: applyMembership(state.assignees, change, said.assignees) };
    case 'milestone':
      return { ...state, milestone: said.milestone };
    case 'issueType':
      return { ...state, issueType: said.issueType };
    case 'lock':
      return { ...state, locked: said.locked, lockReason: said.lockReason };
    case 'none':
    case 'text':
    case 'pin':
    case 'deletion':
      return state;
  }
}

/** Sets of names are kept sorted, so that the order in which labels came does not make another state. */
function applyMembership(
  held: readonly string[],
  change: { readonly name: string | null; readonly added: boolean },
  said: readonly string[],
): string[] {
  const { name, added } = change;
  if (name === null)
    return added ? sortedSet([...held, ...said]) : held.filter((each) => said.includes(each));
  return added ? sortedSet([...held, name]) : held.filter((each) => each !== name);
}

export const sortedSet = (names: readonly string[]): string[] => [...new Set(names)].sort();

interface Edit {
  readonly field: 'title' | 'body';
  readonly from: string;
  readonly to: string;
}

function applyEdits(state: IssueState, events: readonly IssueEvent[]): IssueState {
  let held = state;
  let waiting = events.flatMap(editsOf);
  for (;;) {
    const fitting = waiting.findIndex((edit) => edit.from === (held[edit.field] ?? ''));
    const edit = waiting[fitting];
    if (!edit) return held;
    held = { ...held, [edit.field]: edit.to };
    waiting = waiting.toSpliced(fitting, 1);
  }
}

function editsOf(event: IssueEvent): Edit[] {
  const { change, state } = event;
  if (change.field !== 'text') return [];
  const edits: Edit[] = [];
  if (change.titleFrom !== undefined) edits.push({ field: 'title', from: change.titleFrom, to: state.title });
  if (change.bodyFrom !== undefined)
    edits.push({ field: 'body', from: change.bodyFrom, to: state.body ?? '' });
  return edits;
}
