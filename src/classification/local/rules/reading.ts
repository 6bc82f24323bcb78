import type { Category } from '../../../contracts/classification.ts';
import type { Scan } from '../text/scan.ts';
import type { Cues } from './cues.ts';

/** What a rule sees: the issue as tokens, the cues found in it, and its category. */
export interface Reading {
  readonly scan: Scan;
  readonly cues: Cues;
  readonly category: Category;
}
