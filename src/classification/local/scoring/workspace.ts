import { createFeatures, type Features } from '../features/extract-features.ts';
import { structureCount } from '../features/structure.ts';
import { classCount } from '../model/classes.ts';
import { createScan, type Scan } from '../text/scan.ts';

const touchLimit = 49_152;

/** Everything a classification writes to on its way, made once. */
export interface Workspace {
  readonly scan: Scan;
  readonly features: Features;
  readonly structure: Float64Array;
  readonly logits: Float64Array;
  /** Known n-grams of the issue, each once a view. */
  touches: number;
  /** Where the touch's slot begins in the model's cells. */
  readonly touchCell: Uint32Array;
  /** Copies of the slot's weights and feature: what follows need not go back to the table. */
  readonly touchWeight: Int32Array;
  readonly touchFeature: Int32Array;
  /** The n-gram (index into `features`) that was met first. */
  readonly touchGram: Uint16Array;
  readonly touchTimes: Uint16Array;
  /** Its value times what a weight of 1 is worth in its view. */
  readonly touchValue: Float64Array;
  /** Its value alone, for a repository's block. */
  readonly touchPlain: Float64Array;
}

export function createWorkspace(): Workspace {
  return {
    scan: createScan(),
    features: createFeatures(),
    structure: new Float64Array(structureCount),
    logits: new Float64Array(classCount),
    touches: 0,
    touchCell: new Uint32Array(touchLimit),
    touchWeight: new Int32Array(touchLimit),
    touchFeature: new Int32Array(touchLimit),
    touchGram: new Uint16Array(touchLimit),
    touchTimes: new Uint16Array(touchLimit),
    touchValue: new Float64Array(touchLimit),
    touchPlain: new Float64Array(touchLimit),
  };
}
