import type { IssueState, Origin } from '../contracts/issue.ts';
import { erasedReason, isErased, isFinal, type LedgerEntry, refusedByLedger } from './deletion-ledger.ts';
import type { EventStatus } from './event-status.ts';
import { foldRegisters } from './fold-registers.ts';
import { foldSecond } from './fold-second.ts';
import type { FinalDeletion, Guards, IssueEvent } from './issue-event.ts';

export interface HeldIssue {
  readonly state: IssueState;
  readonly guards: Guards;
  readonly origin: Origin;
}

/** What is known of one issue before its new events: its row, the ledger, and the stored events of its second. */
export interface KnownIssue {
  readonly held: HeldIssue | null;
  readonly ledger: LedgerEntry | null;
  /**
   * The stored events (all but failed, dead, refused) of the second that the issue holds; without a row, those of
   * the newest stored second, so that a lost row cannot be brought back by an older event, and the last pin.
   */
  readonly stored: readonly IssueEvent[];
}

export interface Verdict {
  readonly status: Extract<EventStatus, 'applied' | 'unchanged' | 'stale' | 'refused'>;
  readonly reason: string | null;
  /** The issue was erased: of the event only that it came may be stored, neither its payload nor who sent it. */
  readonly isForgotten?: true;
}

export type Folded = { readonly verdicts: ReadonlyMap<string, Verdict> } & (
  | { readonly outcome: 'unchanged' }
  | { readonly outcome: 'changed'; readonly issue: HeldIssue }
  | { readonly outcome: 'deleted'; readonly reason: FinalDeletion; readonly by: string | null }
);

/**
 * Folds new events of one issue into what is known of it: a function of the stored events, in whatever order and
 * in whatever batches they are worked on.
 */
export function foldEvents(known: KnownIssue, incoming: readonly IssueEvent[]): Folded {
  const verdicts = new Map<string, Verdict>();
  if (isErased(known.ledger)) {
    for (const { deliveryId } of incoming) verdicts.set(deliveryId, forgotten);
    return { outcome: 'unchanged', verdicts };
  }
  const accepted: IssueEvent[] = [];
  for (const event of incoming) {
    const reason = event.change.field === 'deletion' ? null : refusedByLedger(event, known.ledger);
    if (reason === null) accepted.push(event);
    else verdicts.set(event.deliveryId, { status: 'refused', reason });
  }
  const deletion = accepted.find((event) => event.change.field === 'deletion');
  if (deletion) return foldDeletion(known, accepted, deletion, verdicts);

  // A row that was lost took its registers with it; the stored events have them.
  const registers = known.held
    ? foldRegisters({ guards: known.held.guards, pinned: known.held.state.pinned }, accepted)
    : foldRegisters(null, [...known.stored, ...accepted]);
  let second = known.held
    ? Date.parse(known.held.state.updatedAt)
    : Math.max(0, ...known.stored.map((e) => e.second));
  let together = known.stored.filter((event) => event.second === second);
  const takenOver = known.held?.guards.takenOver ? { second, state: known.held.state } : null;
  let state = known.held?.state ?? null;
  for (const group of bySecond(accepted)) {
    const time = group[0]?.second ?? 0;
    if (time < second) {
      for (const event of group)
        verdicts.set(event.deliveryId, staleUnlessRegister(event, known, registers.guards));
      continue;
    }
    together = time === second ? [...together, ...group] : group;
    second = time;
    const base = takenOver?.second === second ? takenOver.state : null;
    const next = foldSecond(together, base);
    const same = sameState(withRegisters(next, registers), state && withRegisters(state, registers));
    // The events of a state that was taken over were applied, even if not here.
    const verdict: Verdict = { status: same && !base ? 'unchanged' : 'applied', reason: null };
    for (const event of group)
      verdicts.set(event.deliveryId, appliedBy(event, known, registers.guards) ?? verdict);
    state = next;
  }
  if (state === null) return { outcome: 'unchanged', verdicts };
  const issue: HeldIssue = {
    state: withRegisters(state, registers),
    guards: takenOver?.second === second ? { ...registers.guards, takenOver: true } : registers.guards,
    origin: known.held?.origin ?? accepted[0]?.origin ?? 'github',
  };
  // Guards count too: one that moved without being stored would let a later event of its second win wrongly.
  const unchanged =
    known.held !== null &&
    sameState(issue.state, known.held.state) &&
    sameGuards(issue.guards, known.held.guards);
  return unchanged ? { outcome: 'unchanged', verdicts } : { outcome: 'changed', issue, verdicts };
}

const forgotten: Verdict = { status: 'refused', reason: erasedReason, isForgotten: true };

/** GitHub's `deleted` and `transferred` apply whatever their time; what came with them is history. */
function foldDeletion(
  known: KnownIssue,
  accepted: readonly IssueEvent[],
  deletion: IssueEvent,
  verdicts: Map<string, Verdict>,
): Folded {
  const reason = deletion.change.field === 'deletion' ? deletion.change.reason : 'github-deleted';
  for (const event of accepted) {
    const isDeletion = event.change.field === 'deletion';
    verdicts.set(event.deliveryId, {
      status: event === deletion ? 'applied' : isDeletion ? 'unchanged' : 'stale',
      reason: isDeletion ? null : 'the issue is deleted in the same batch',
    });
  }
  if (isFinal(known.ledger) && known.held === null) {
    verdicts.set(deletion.deliveryId, { status: 'unchanged', reason: null });
    return { outcome: 'unchanged', verdicts };
  }
  return { outcome: 'deleted', reason, by: deletion.actor, verdicts };
}

function bySecond(events: readonly IssueEvent[]): IssueEvent[][] {
  const groups = Map.groupBy(events, (event) => event.second);
  return [...groups.entries()].sort(([a], [b]) => a - b).map(([, group]) => group);
}

/** An event that moved a register was applied, even where its state is too old to be taken. */
function appliedBy(event: IssueEvent, known: KnownIssue, after: Guards): Verdict | null {
  const before = known.held?.guards;
  const pin =
    after.pin !== null && after.pin[1] === event.deliveryId && before?.pin?.[1] !== event.deliveryId;
  return pin ? { status: 'applied', reason: null } : null;
}

function staleUnlessRegister(event: IssueEvent, known: KnownIssue, after: Guards): Verdict {
  const stale: Verdict = { status: 'stale', reason: 'a later state of the issue is known' };
  return known.held ? (appliedBy(event, known, after) ?? stale) : stale;
}

const withRegisters = (state: IssueState, registers: { guards: Guards; pinned: boolean }): IssueState => ({
  ...state,
  pinned: registers.pinned,
  comments: registers.guards.comments[2],
});

const sameGuards = (a: Guards, b: Guards): boolean =>
  JSON.stringify([a.comments, a.pin]) === JSON.stringify([b.comments, b.pin]);

function sameState(a: IssueState, b: IssueState | null): boolean {
  return b !== null && canonical(a) === canonical(b);
}

const canonical = (state: IssueState): string =>
  JSON.stringify(Object.entries(state).sort(([a], [b]) => (a < b ? -1 : 1)));
