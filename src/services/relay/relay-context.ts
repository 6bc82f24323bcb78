import type { Database } from '../../database/database.ts';
import type { LeaseGrant } from '../../database/sent-records.ts';
import type { KnownEnds } from '../../domain/relay-ends.ts';
import type { Effects } from '../../effects/effects.ts';
import type { EventLog } from '../../log/event-log.ts';

/** What a relay works with while it holds the lease. */
export interface RelayContext {
  readonly database: Database;
  readonly log: EventLog;
  readonly effects: Effects;
  /** The classifier's group: whether log and database belong together is about it. */
  readonly group: string;
  readonly lease: LeaseGrant;
  /** Fires at two thirds of the lease's term: nothing is sent from then on. */
  readonly lost: AbortSignal;
  /** Whether that time has come by the clock, even if the signal has yet to fire. */
  isOver(): boolean;
}

/** Thrown to leave everything under way once another relay has the lease, or may have it. */
export class LeaseLostError extends Error {
  override readonly name = 'LeaseLostError';
}

/**
 * Thrown when the database knows the topics, or whose the lease is, otherwise than this relay: it was put back or made
 * anew, or somebody else has read on. Then its pairing may be another one too, so the relay begins anew.
 */
export class PlacesMovedError extends Error {
  override readonly name = 'PlacesMovedError';

  constructor() {
    super('The database knows the topics or the lease otherwise than this relay, which begins anew');
  }
}

/** The last thing before a send: only one in flight now can overlap the next holder's. */
export function assertHeld({ lost, isOver }: RelayContext): void {
  if (lost.aborted || isOver()) throw new LeaseLostError('two thirds of the lease have passed');
}

/** The relay's knowledge of its topics; a new value after each round. */
export interface Knowledge {
  readonly ends: KnownEnds;
  readonly topicIds: Readonly<Record<string, string>>;
}
