import type { Correction } from '../../../src/contracts/classification.ts';
import type { RawHeaders } from '../../../src/contracts/topics.ts';

/** What may have reached the log under one delivery id. */
export interface JournalDelivery {
  readonly key: string;
  readonly headers: Pick<RawHeaders, 'event' | 'action'>;
  readonly value: Uint8Array;
  /** Why it can never be processed. */
  readonly poison: string | null;
  /** Somebody was told that it is safe. */
  accepted: boolean;
}

/** A person's deletion: between these simulated times of the wall clock, if at all. */
export interface JournalDeletion {
  readonly key: string;
  readonly from: number;
  to: number | null;
  version: number | null;
}

export interface JournalCorrection {
  readonly key: string;
  readonly set: Correction;
  /** Of the issue afterwards; null while nobody was told. */
  version: number | null;
  /** Somebody was told that it did not happen. */
  refused: boolean;
}

/** What the outside knows: what it sent, and what it was told. */
export class Journal {
  readonly deliveries = new Map<string, JournalDelivery>();
  readonly deletions: JournalDeletion[] = [];
  readonly corrections: JournalCorrection[] = [];
  /** Keys whose rows somebody deleted behind the program's back. */
  readonly lost = new Set<string>();
  /** Offsets of the raw topic were given out twice. */
  rawLogPutBack = false;
  /** An own topic is written anew, perhaps by two at once. */
  ownTopicRecreated = false;
  /** The database was put back or dropped while the program ran. */
  databaseLost = false;
}
