import { structureCount } from '../src/classification/local/features/structure.ts';
import { classCount } from '../src/classification/local/model/classes.ts';
import type { Example } from './examples.ts';
import { type Design, trainLogistic } from './logistic.ts';
import type { Vectors } from './vectors.ts';

/** Structure values are many and of size 1, n-grams small: this brings them to one scale. */
export const structureScale = 0.15;

/** What the pool says about any repository: weights by feature, then by structure value, then the bias. */
export interface GeneralModel {
  readonly weights: Float64Array;
  readonly features: number;
}

/**
 * Multinomial logistic regression on the pool. Each source gets an intercept of its own, dropped afterwards: how
 * often a source labels `bug` says nothing about another repository.
 */
export function trainGeneral(
  examples: readonly Example[],
  vectors: Vectors,
  rows: readonly number[],
  iterations: number,
): GeneralModel {
  const sources = [...new Set(examples.map((example) => example.source))];
  const { features } = vectors;
  const biasColumn = features + structureCount;
  const rowStart = new Uint32Array(rows.length + 1);
  const most = rows.reduce(
    (sum, row) => sum + vectors.rowStart[row + 1]! - vectors.rowStart[row]! + structureCount + 2,
    0,
  );
  const column = new Uint32Array(most);
  const value = new Float32Array(most);
  let length = 0;
  for (const [at, row] of rows.entries()) {
    const example = examples[row]!;
    for (let i = vectors.rowStart[row]!; i < vectors.rowStart[row + 1]!; i++) {
      column[length] = vectors.column[i]!;
      value[length++] = vectors.value[i]!;
    }
    for (let i = 0; i < structureCount; i++) {
      const x = vectors.structure[row * structureCount + i]!;
      if (x === 0) continue;
      column[length] = features + i;
      value[length++] = x * structureScale;
    }
    column[length] = biasColumn;
    value[length++] = 1;
    column[length] = biasColumn + 1 + sources.indexOf(example.source);
    value[length++] = 2;
    rowStart[at + 1] = length;
  }
  const design: Design = {
    columns: biasColumn + 1 + sources.length,
    rowStart,
    column: column.subarray(0, length),
    value: value.subarray(0, length),
    label: Uint8Array.from(rows, (row) => examples[row]!.label),
    weight: new Float64Array(rows.length).fill(1),
  };
  const weights = trainLogistic(design, { classes: classCount, c: 1, iterations });
  return { weights: weights.slice(0, (biasColumn + 1) * classCount), features };
}

/** Logits of every row, `rows` x classes. */
export function generalLogits(model: GeneralModel, vectors: Vectors): Float64Array {
  const { weights, features } = model;
  const logits = new Float64Array(vectors.rows * classCount);
  for (let row = 0; row < vectors.rows; row++) {
    for (let k = 0; k < classCount; k++) {
      let sum = weights[(features + structureCount) * classCount + k]!;
      for (let i = vectors.rowStart[row]!; i < vectors.rowStart[row + 1]!; i++) {
        sum += vectors.value[i]! * weights[vectors.column[i]! * classCount + k]!;
      }
      for (let i = 0; i < structureCount; i++) {
        const x = vectors.structure[row * structureCount + i]! * structureScale;
        sum += x * weights[(features + i) * classCount + k]!;
      }
      logits[row * classCount + k] = sum;
    }
  }
  return logits;
}
