import type { Correction } from '../../../src/contracts/classification.ts';
import type { RawHeaders } from '../../../src/contracts/topics.ts';
import type { SimulatedProcess } from '../engine/simulated-process.ts';

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

/** A call to the language model. Times and places are those of `AnswerWatch`. */
export interface ModelCall {
  readonly cacheKey: string;
  readonly process: SimulatedProcess;
  /** When the database let the process have it. */
  readonly claimed: Moment;
  /** How often the process had been interrupted by then. */
  readonly interruptions: number;
  /** What it cost the model; null while nobody knows. An answer is paid for, whoever still waits for it. */
  end: 'answered' | 'refused' | 'failed' | null;
  /** Nobody waits for it any longer. */
  givenUp: boolean;
  /** When its answer was committed. */
  stored: Moment | null;
}

export interface Moment {
  /** Simulated milliseconds, of which many things may share one. */
  readonly at: number;
  /** Counts what happened. */
  readonly order: number;
}

/** What the outside knows: what it sent, and what it was told. */
export class Journal {
  readonly deliveries = new Map<string, JournalDelivery>();
  readonly deletions: JournalDeletion[] = [];
  readonly corrections: JournalCorrection[] = [];
  readonly calls: ModelCall[] = [];
  /** What was seen on the way that must never happen. */
  readonly wrongs: string[] = [];
  /** Keys whose rows somebody deleted behind the program's back. */
  readonly lost = new Set<string>();
  /** Offsets of the raw topic were given out twice. */
  rawLogPutBack = false;
  /** The database was put back or dropped while the program ran. */
  databaseLost = false;
}
