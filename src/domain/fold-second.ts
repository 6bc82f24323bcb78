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
 *   at all: it is the base unless there is a snapshot. Its title and body are, too, until the events by themselves pass
 *   through them: from then on they say what came after, so that edits there and back end where they ended before
 */
export function foldSecond(events: readonly IssueEvent[], held: IssueState | null = null): IssueState {
  const ordered = events.toSorted(compareEvents);
  const snapshot = ordered.findLast((event) => event.rank === 0);
  const complete = ordered.find((event) => event.complete);
  const first = snapshot ?? (held ? undefined : (complete ?? ordered[0]));
  const base = first?.state ?? held;
  if (!base) throw new RangeError('a second without events has no state');
  const rest = ordered.filter((event) => event !== first && event.rank !== 0);
  const changed = rest.reduce((state, event) => applyChange(state, event.change, event.state), base);
  const alone = first === undefined ? complete : undefined;
  return { ...changed, title: editTitle(base, rest, alone), body: editBody(base, rest, alone) };
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
  readonly from: string;
  readonly to: string;
}

function editTitle(base: IssueState, events: readonly IssueEvent[], alone: IssueEvent | undefined): string {
  const titleOf = ({ state }: IssueEvent) => state.title;
  return edit(base.title, events, alone, titleOf, titleEdit) ?? base.title;
}

function editBody(
  base: IssueState,
  events: readonly IssueEvent[],
  alone: IssueEvent | undefined,
): string | null {
  const bodyOf = ({ state }: IssueEvent) => state.body ?? '';
  return edit(base.body ?? '', events, alone, bodyOf, bodyEdit) ?? base.body;
}

/**
 * The text after the edits that fit; null when it stays what it is.
 *
 * @param alone the event that would be the base if the given text were not
 */
function edit(
  held: string,
  events: readonly IssueEvent[],
  alone: IssueEvent | undefined,
  textOf: (event: IssueEvent) => string,
  editOf: (event: IssueEvent) => Edit[],
): string | null {
  if (alone) {
    const own = textOf(alone);
    const passed = [own, ...follow(own, events.filter((event) => event !== alone).flatMap(editOf))];
    if (passed.includes(held)) return changedOnly(passed.at(-1), held);
  }
  return changedOnly(follow(held, events.flatMap(editOf)).at(-1), held);
}

const changedOnly = (text: string | undefined, held: string) =>
  text === undefined || text === held ? null : text;

/** The texts that come of the edits, each tried again until none fits. */
function follow(from: string, edits: readonly Edit[]): readonly string[] {
  const passed: string[] = [];
  let waiting = edits;
  for (;;) {
    const held = passed.at(-1) ?? from;
    const fitting = waiting.findIndex((each) => each.from === held);
    const next = waiting[fitting];
    if (!next) return passed;
    passed.push(next.to);
    waiting = waiting.toSpliced(fitting, 1);
  }
}

const titleEdit = ({ change, state }: IssueEvent): Edit[] =>
  change.field === 'text' && change.titleFrom !== undefined
    ? [{ from: change.titleFrom, to: state.title }]
    : [];

const bodyEdit = ({ change, state }: IssueEvent): Edit[] =>
  change.field === 'text' && change.bodyFrom !== undefined
    ? [{ from: change.bodyFrom, to: state.body ?? '' }]
    : [];
