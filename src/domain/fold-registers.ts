import type { CommentsGuard, Guards, IssueEvent, PinGuard } from './issue-event.ts';

/** The registers that `updated_at` does not order, after any set of events: last writer wins, in any order. */
export interface Registers {
  readonly guards: Guards;
  readonly pinned: boolean;
}

export function foldRegisters(held: Registers | null, events: readonly IssueEvent[]): Registers {
  let comments: CommentsGuard = held?.guards.comments ?? [0, 0, 0];
  let pin: PinGuard | null = held?.guards.pin ?? null;
  let pinned = held?.pinned ?? false;
  for (const event of events) {
    if (compareComments(event.comments, comments) > 0) comments = event.comments;
    if (event.change.field !== 'pin') continue;
    const guard: PinGuard = [event.receivedAt, event.deliveryId];
    if (pin === null || comparePins(guard, pin) > 0) {
      pin = guard;
      pinned = event.change.pinned;
    }
  }
  return { guards: { comments, pin }, pinned };
}

/** Within one second more comments win over fewer, but after a deletion fewer over more. */
function compareComments(a: CommentsGuard, b: CommentsGuard): number {
  return a[0] - b[0] || a[1] - b[1] || (a[1] === 2 ? b[2] - a[2] : a[2] - b[2]);
}

function comparePins(a: PinGuard, b: PinGuard): number {
  return a[0] - b[0] || (a[1] < b[1] ? -1 : a[1] > b[1] ? 1 : 0);
}
