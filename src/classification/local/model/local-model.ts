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

/** The opened model: a flat hash table, so that a look-up is one or two reads and nothing is allocated. */
export interface LocalModel {
  readonly name: string;
  /** Hash of the file: another file, another version. */
  readonly version: string;
  readonly slotMask: number;
  readonly slotShift: number;
  /** Feature key by slot, 0 where the slot is empty. */
  readonly slotKey: Uint32Array;
  /** Four signed bytes by slot, one a category, the first lowest. */
  readonly slotWeight: Int32Array;
  readonly slotIdf: Uint8Array;
  /** Index of the feature by slot. */
  readonly slotFeature: Uint32Array;
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

/** Where a key begins to look in a table of 2^(32 - shift) slots. */
export const firstSlot = (key: number, shift: number): number => Math.imul(key, 0x9e3779b1) >>> shift;
