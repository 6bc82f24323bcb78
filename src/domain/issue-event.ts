import type { IssueKey, IssueState, Origin } from '../contracts/issue.ts';

/** Why an event removes its issue here for good. */
export type FinalDeletion = 'github-deleted' | 'github-transferred';

/** The one field that an event's action names, with what it says about it. */
export type Change =
  | { readonly field: 'none' }
  | { readonly field: 'state' }
  /** `from` texts as `changes` had them; undefined where that field was not edited. */
  | { readonly field: 'text'; readonly titleFrom?: string; readonly bodyFrom?: string }
  /** `name` is null where GitHub left the label or the person out: then the payload's whole list is used. */
  | { readonly field: 'labels' | 'assignees'; readonly name: string | null; readonly added: boolean }
  | { readonly field: 'milestone' }
  | { readonly field: 'issueType' }
  | { readonly field: 'lock' }
  | { readonly field: 'pin'; readonly pinned: boolean }
  | { readonly field: 'deletion'; readonly reason: FinalDeletion };

/** `snapshot` 0, `opened` 1, all others 2: how events of one second are ordered before their arrival decides. */
export type Rank = 0 | 1 | 2;

/**
 * The comment count is a register of its own, since a comment is ordered by its own time: `[second ms, class,
 * count]`. Class 0 is any event's payload, 1 a comment created or edited, 2 a comment deleted.
 */
export type CommentsGuard = readonly [second: number, group: 0 | 1 | 2, count: number];

/** `[received-at ms, delivery id]`: pins do not move `updated_at`, so their arrival is the only order there is. */
export type PinGuard = readonly [receivedAt: number, deliveryId: string];

export interface Guards {
  readonly comments: CommentsGuard;
  readonly pin: PinGuard | null;
  /**
   * The state came from `issues.enriched` and not from events that are stored here: within its second the events that
   * made it are not all there, and what comes builds on it.
   */
  readonly takenOver?: true;
}

/** A stored fact about an issue: what a delivery says, and the four facts that order it. */
export interface IssueEvent {
  readonly key: IssueKey;
  readonly deliveryId: string;
  readonly event: 'issues' | 'issue_comment' | 'snapshot';
  readonly action: string;
  /** `issue.updated_at` as milliseconds, always a whole second. */
  readonly second: number;
  readonly rank: Rank;
  /** When ingress received it first, milliseconds. */
  readonly receivedAt: number;
  readonly origin: Origin;
  /** Login of who acted, where GitHub says. */
  readonly actor: string | null;
  /** The payload's whole state; `pinned` and `comments` come from the registers instead. */
  readonly state: IssueState;
  /** False where the payload leaves out state and labels, as GitHub's pin events may. */
  readonly complete: boolean;
  readonly change: Change;
  readonly comments: CommentsGuard;
}

/** The order of one issue's events. */
export function compareEvents(a: IssueEvent, b: IssueEvent): number {
  return (
    a.second - b.second ||
    a.rank - b.rank ||
    a.receivedAt - b.receivedAt ||
    (a.deliveryId < b.deliveryId ? -1 : a.deliveryId > b.deliveryId ? 1 : 0)
  );
}
