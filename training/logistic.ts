import { minimise } from './lbfgs.ts';

/** Sparse rows with a class and a weight each. */
export interface Design {
  readonly columns: number;
  readonly rowStart: Uint32Array;
  readonly column: Uint32Array;
  readonly value: Float32Array;
  readonly label: Uint8Array;
  readonly weight: Float64Array;
}

export interface LogisticOptions {
  readonly classes: number;
  /** As in most libraries: the loss is the sum over rows plus |W|^2 / (2 C). */
  readonly c: number;
  readonly iterations: number;
  readonly tolerance?: number;
}

/** Multinomial logistic regression. Returns weights, `columns` x `classes`. */
export function trainLogistic(design: Design, options: LogisticOptions): Float64Array {
  const { classes } = options;
  const { rowStart, column, value, label, weight } = design;
  const rows = label.length;
  const weights = new Float64Array(design.columns * classes);
  const logits = new Float64Array(classes);
  const penalty = 1 / options.c;
  minimise(
    (point, gradient) => {
      let loss = 0;
      for (let i = 0; i < point.length; i++) {
        loss += 0.5 * penalty * point[i]! * point[i]!;
        gradient[i] = penalty * point[i]!;
      }
      for (let row = 0; row < rows; row++) {
        const from = rowStart[row]!;
        const to = rowStart[row + 1]!;
        logits.fill(0);
        for (let at = from; at < to; at++) {
          const base = column[at]! * classes;
          const x = value[at]!;
          for (let k = 0; k < classes; k++) logits[k] = logits[k]! + x * point[base + k]!;
        }
        const w = weight[row]!;
        softmax(logits);
        loss -= w * Math.log(Math.max(1e-300, logits[label[row]!]!));
        logits[label[row]!] = logits[label[row]!]! - 1;
        for (let k = 0; k < classes; k++) logits[k] = logits[k]! * w;
        for (let at = from; at < to; at++) {
          const base = column[at]! * classes;
          const x = value[at]!;
          for (let k = 0; k < classes; k++) gradient[base + k] = gradient[base + k]! + x * logits[k]!;
        }
      }
      return loss;
    },
    weights,
    { iterations: options.iterations, tolerance: options.tolerance ?? 1e-5 },
  );
  return weights;
}

/** Turns logits into probabilities in place. */
export function softmax(logits: Float64Array): void {
  let largest = Number.NEGATIVE_INFINITY;
  for (const z of logits) if (z > largest) largest = z;
  let sum = 0;
  for (let k = 0; k < logits.length; k++) {
    logits[k] = Math.exp(logits[k]! - largest);
    sum += logits[k]!;
  }
  for (let k = 0; k < logits.length; k++) logits[k] = logits[k]! / sum;
}
