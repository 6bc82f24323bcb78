import { createFeatures, extractFeatures } from '../src/classification/local/features/extract-features.ts';
import { structureCount, structureOf } from '../src/classification/local/features/structure.ts';
import { viewCount } from '../src/classification/local/features/views.ts';
import { dequantiseIdf, quantiseIdf } from '../src/classification/local/model/idf.ts';
import { createScan } from '../src/classification/local/text/scan.ts';
import { scanIssue } from '../src/classification/local/text/scan-issue.ts';
import type { Example } from './examples.ts';

/** Sparse rows (compressed), then dense structure rows. Values are what the shipped model computes. */
export interface Vectors {
  readonly rows: number;
  readonly features: number;
  readonly rowStart: Uint32Array;
  readonly column: Uint32Array;
  readonly value: Float32Array;
  readonly structure: Float32Array;
}

/** The n-grams that the model knows, ascending by key. */
export interface Vocabulary {
  readonly key: Uint32Array;
  readonly view: Uint8Array;
  readonly idf: Uint8Array;
}

const tableBits = 25;

/** Counts in how many examples each n-gram stands; keeps those in at least `leastOf(view)`. */
export function buildVocabulary(examples: readonly Example[], leastOf: readonly number[]): Vocabulary {
  const size = 1 << tableBits;
  const keys = new Uint32Array(size);
  const seenIn = new Uint32Array(size);
  const counts = new Uint16Array(size);
  const views = new Uint8Array(size);
  const scan = createScan();
  const features = createFeatures();
  let distinct = 0;
  for (let row = 0; row < examples.length; row++) {
    const { title, body } = examples[row]!;
    scanIssue(scan, title, body);
    extractFeatures(scan, features);
    let at = 0;
    for (let which = 0; which < viewCount; which++) {
      for (; at < features.viewEnd[which]!; at++) {
        const key = features.key[at]! >>> 0;
        let slot = Math.imul(key, 0x9e3779b1) >>> (32 - tableBits);
        while (keys[slot] !== 0 && keys[slot] !== key) slot = (slot + 1) & (size - 1);
        if (keys[slot] === 0) {
          if (++distinct > size * 0.8) throw new Error('more distinct n-grams than the table holds');
          keys[slot] = key;
          views[slot] = which;
        }
        if (seenIn[slot] === row + 1) continue;
        seenIn[slot] = row + 1;
        counts[slot] = Math.min(65_535, counts[slot]! + 1);
      }
    }
  }
  const kept: number[] = [];
  for (let slot = 0; slot < size; slot++) {
    if (keys[slot] !== 0 && counts[slot]! >= leastOf[views[slot]!]!) kept.push(slot);
  }
  kept.sort((a, b) => keys[a]! - keys[b]!);
  return {
    key: Uint32Array.from(kept, (slot) => keys[slot]!),
    view: Uint8Array.from(kept, (slot) => views[slot]!),
    idf: Uint8Array.from(kept, (slot) =>
      quantiseIdf(Math.log((1 + examples.length) / (1 + counts[slot]!)) + 1),
    ),
  };
}

/** The part of a vocabulary at `kept` (ascending). */
export function selectFeatures(vocabulary: Vocabulary, kept: readonly number[]): Vocabulary {
  return {
    key: Uint32Array.from(kept, (at) => vocabulary.key[at]!),
    view: Uint8Array.from(kept, (at) => vocabulary.view[at]!),
    idf: Uint8Array.from(kept, (at) => vocabulary.idf[at]!),
  };
}

/** Turns examples into vectors: sublinear term frequency x idf, each view scaled to length 1. */
export function vectorise(examples: readonly Example[], vocabulary: Vocabulary): Vectors {
  const index = indexOf(vocabulary.key);
  const scan = createScan();
  const features = createFeatures();
  const tally = new Uint16Array(vocabulary.key.length);
  const rowStart = new Uint32Array(examples.length + 1);
  let column = new Uint32Array(1 << 22);
  let value = new Float32Array(1 << 22);
  const structure = new Float32Array(examples.length * structureCount);
  const dense = new Float64Array(structureCount);
  let length = 0;
  for (let row = 0; row < examples.length; row++) {
    const { title, body, lossy } = examples[row]!;
    scanIssue(scan, title, body);
    extractFeatures(scan, features);
    if (length + features.count > column.length) {
      column = grown(column, new Uint32Array(column.length * 2));
      value = grown(value, new Float32Array(value.length * 2));
    }
    let at = 0;
    for (let which = 0; which < viewCount; which++) {
      const from = length;
      for (; at < features.viewEnd[which]!; at++) {
        const feature = index(features.key[at]! >>> 0);
        if (feature < 0) continue;
        if (tally[feature]!++ === 0) column[length++] = feature;
      }
      let squares = 0;
      for (let i = from; i < length; i++) {
        const feature = column[i]!;
        const weight = (1 + Math.log(tally[feature]!)) * dequantiseIdf(vocabulary.idf[feature]!);
        tally[feature] = 0;
        value[i] = weight;
        squares += weight * weight;
      }
      const norm = squares > 0 ? 1 / Math.sqrt(squares) : 0;
      for (let i = from; i < length; i++) value[i] = value[i]! * norm;
    }
    rowStart[row + 1] = length;
    if (!lossy) {
      structureOf(scan.signals, dense);
      structure.set(dense, row * structureCount);
    }
  }
  return {
    rows: examples.length,
    features: vocabulary.key.length,
    rowStart,
    column: column.slice(0, length),
    value: value.slice(0, length),
    structure,
  };
}

function grown<T extends Uint32Array | Float32Array>(from: T, to: T): T {
  to.set(from);
  return to;
}

function indexOf(keys: Uint32Array): (key: number) => number {
  const bits = Math.ceil(Math.log2(keys.length * 2 + 2));
  const mask = (1 << bits) - 1;
  const slots = new Int32Array(mask + 1).fill(-1);
  for (let at = 0; at < keys.length; at++) {
    let slot = Math.imul(keys[at]!, 0x9e3779b1) >>> (32 - bits);
    while (slots[slot]! >= 0) slot = (slot + 1) & mask;
    slots[slot] = at;
  }
  return (key) => {
    let slot = Math.imul(key, 0x9e3779b1) >>> (32 - bits);
    while (slots[slot]! >= 0) {
      if (keys[slots[slot]!] === key) return slots[slot]!;
      slot = (slot + 1) & mask;
    }
    return -1;
  };
}
