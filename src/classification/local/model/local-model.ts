import type { Workspace } from '../scoring/workspace.ts';

/** What one repository adds to what holds everywhere. */
export interface RepositoryBlock {
  /** Four classes a feature, in the order of the model's features; times `scale`. */
  readonly weight: Int8Array;
  readonly scale: number;
  /** By structure value and class. */
  readonly structure: Float32Array;
  readonly bias: Float32Array;
}

/**
 * The opened model: a flat hash table, so that a look-up reads one cache line and allocates nothing. Each slot is
 * four integers side by side, as `cell` names them.
 */
export interface LocalModel {
  readonly name: string;
  /** Hash of the file: another file, another version. */
  readonly version: string;
  readonly slotMask: number;
  readonly slotShift: number;
  readonly cells: Int32Array;
  /** A bit for some hash of every key: most n-grams of a text are unknown, and this says so from a small table. */
  readonly filter: Int32Array;
  /** What a weight of 1 is worth, by view. */
  readonly viewScale: Float64Array;
  readonly structure: Float32Array;
  readonly bias: Float32Array;
  /** Divides the logits: for a repository with a block, and for all others. */
  readonly temperature: number;
  readonly temperatureElsewhere: number;
  readonly block: (repository: string) => RepositoryBlock | undefined;
  /** Scratch space: a model belongs to one thread, and a classification never yields. */
  readonly workspace: Workspace;
}

/** Offsets within a slot, and how long it is. */
export const cell = {
  /** The feature's key, 0 where the slot is empty. */
  key: 0,
  /** Four signed bytes, one a category, the first lowest. */
  weight: 1,
  /** Index of the feature, and its idf in the lowest byte. */
  feature: 2,
  /** 1 + the touch that holds it during a classification, else 0. */
  touch: 3,
  length: 4,
} as const;

/** Where a key begins to look in a table of 2^(32 - shift) slots. */
export const firstSlot = (key: number, shift: number): number => Math.imul(key, 0x9e3779b1) >>> shift;

export const filterBits = 21;
/** Which bit of the filter is a key's. */
export const filterBit = (key: number): number => Math.imul(key, 0x85ebca6b) >>> (32 - filterBits);
