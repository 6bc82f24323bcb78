import { structureCount } from '../src/classification/local/features/structure.ts';
import { classCount } from '../src/classification/local/model/classes.ts';
import { structureScale } from './general-model.ts';
import { type Design, trainLogistic } from './logistic.ts';
import type { Vectors } from './vectors.ts';

/** One labelled row, with what the general model (which has not seen it) says. */
export interface AdaptedRow {
  readonly vectors: Vectors;
  readonly row: number;
  /** Index of its repository; each has a block of its own. */
  readonly domain: number;
  readonly label: number;
  readonly weight: number;
  readonly general: ArrayLike<number>;
}

export interface AdaptedOptions {
  /** How much a block may say beside the shared part. */
  readonly blockShare: number;
  /** How loud the general model's logits are as features. */
  readonly generalScale: number;
  readonly c: number;
  readonly iterations: number;
}

/** Columns: features, structure, general logits, bias; shared first, then one block a domain. */
export interface AdaptedModel {
  readonly options: AdaptedOptions;
  readonly features: number;
  /** Weight of a column for a class: 0 for what was never met. */
  readonly weightOf: (domain: number | 'shared', column: number, label: number) => number;
}

export const generalColumn = (features: number): number => features + structureCount;
export const biasColumn = (features: number): number => features + structureCount + classCount;

/**
 * Feature augmentation (Daumé III, "Frustratingly Easy Domain Adaptation", 2007): every column twice, shared and for
 * its domain alone, so that regularisation decides what holds everywhere. General logits are shared only.
 */
export function trainAdapted(rows: readonly AdaptedRow[], options: AdaptedOptions): AdaptedModel {
  const features = rows[0]!.vectors.features;
  const stride = biasColumn(features) + 1;
  const domains = Math.max(...rows.map((row) => row.domain)) + 1;
  const compact = new Int32Array(stride * (domains + 1)).fill(-1);
  const columns: number[] = [];
  const values: number[] = [];
  const rowStart = new Uint32Array(rows.length + 1);
  let distinct = 0;
  const put = (column: number, value: number): void => {
    if (compact[column]! < 0) compact[column] = distinct++;
    columns.push(compact[column]!);
    values.push(value);
  };
  for (const [at, row] of rows.entries()) {
    const own = (row.domain + 1) * stride;
    eachColumn(row, options, (column, value) => {
      put(column, value);
      if (column < generalColumn(features) || column === biasColumn(features)) {
        put(own + column, value * options.blockShare);
      }
    });
    rowStart[at + 1] = columns.length;
  }
  const design: Design = {
    columns: distinct,
    rowStart,
    column: Uint32Array.from(columns),
    value: Float32Array.from(values),
    label: Uint8Array.from(rows, (row) => row.label),
    weight: Float64Array.from(rows, (row) => row.weight),
  };
  const weights = trainLogistic(design, {
    classes: classCount,
    c: options.c,
    iterations: options.iterations,
    tolerance: 1e-4,
  });
  return {
    options,
    features,
    weightOf: (domain, column, label) => {
      const at = compact[(domain === 'shared' ? 0 : (domain + 1) * stride) + column] ?? -1;
      return at < 0 ? 0 : weights[at * classCount + label]!;
    },
  };
}

/** Logits of a row: with its domain's block, or as for a repository never seen. */
export function adaptedLogits(
  model: AdaptedModel,
  row: AdaptedRow,
  domain: number | undefined,
): Float64Array {
  const logits = new Float64Array(classCount);
  eachColumn(row, model.options, (column, value) => {
    for (let k = 0; k < classCount; k++) {
      let weight = model.weightOf('shared', column, k);
      if (domain !== undefined) weight += model.options.blockShare * model.weightOf(domain, column, k);
      logits[k] = logits[k]! + value * weight;
    }
  });
  return logits;
}

function eachColumn(
  row: AdaptedRow,
  options: AdaptedOptions,
  visit: (column: number, value: number) => void,
): void {
  const { vectors } = row;
  for (let i = vectors.rowStart[row.row]!; i < vectors.rowStart[row.row + 1]!; i++) {
    visit(vectors.column[i]!, vectors.value[i]!);
  }
  for (let i = 0; i < structureCount; i++) {
    const x = vectors.structure[row.row * structureCount + i]!;
    if (x !== 0) visit(vectors.features + i, x * structureScale);
  }
  for (let k = 0; k < classCount; k++)
    visit(generalColumn(vectors.features) + k, row.general[k]! * options.generalScale);
  visit(biasColumn(vectors.features), 1);
}
