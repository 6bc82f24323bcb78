import type { Classifier } from '../../../classification/classifier.ts';

/** A language model that answers after the local one. */
export interface ModelOptions {
  /** Asked about one content a call. Whoever opened it closes it. */
  readonly classifier: Classifier;
  /** How many calls are under way at most; 8 when absent. */
  readonly concurrency?: number;
  /** How long a call is one worker's alone; it is given up after two thirds of it. 60 s when absent. */
  readonly leaseMs?: number;
}

export const defaultConcurrency = 8;
export const defaultLeaseMs = 60_000;
