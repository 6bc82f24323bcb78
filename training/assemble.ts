import { structureCount } from '../src/classification/local/features/structure.ts';
import { viewCount } from '../src/classification/local/features/views.ts';
import { classCount } from '../src/classification/local/model/classes.ts';
import type { StoredBlock, StoredModel } from '../src/classification/local/model/model-file.ts';
import { type AdaptedModel, biasColumn, generalColumn } from './adapted-model.ts';
import { type GeneralModel, structureScale } from './general-model.ts';
import type { Vocabulary } from './vectors.ts';

/**
 * Both models are linear in the same values, so they are one: the adapted weights plus the general ones as far as
 * the adapted model listens to them. Weights become signed bytes, one scale a view.
 */
export function assembleShared(
  vocabulary: Vocabulary,
  general: GeneralModel,
  adapted: AdaptedModel,
): Pick<StoredModel, 'viewSizes' | 'viewScale' | 'key' | 'idf' | 'weight' | 'structure' | 'bias'> & {
  readonly order: Uint32Array;
} {
  const features = vocabulary.key.length;
  const order = Uint32Array.from({ length: features }, (_, at) => at).sort(
    (a, b) => vocabulary.view[a]! - vocabulary.view[b]! || vocabulary.key[a]! - vocabulary.key[b]!,
  );
  const combined = (column: number, generalAt: number, k: number): number => {
    let weight = adapted.weightOf('shared', column, k);
    for (let from = 0; from < classCount; from++) {
      const heard =
        adapted.weightOf('shared', generalColumn(features) + from, k) * adapted.options.generalScale;
      weight += heard * general.weights[generalAt * classCount + from]!;
    }
    return weight;
  };
  const exact = new Float64Array(features * classCount);
  const largest = new Float64Array(viewCount);
  const viewSizes = new Array<number>(viewCount).fill(0);
  for (const [at, feature] of order.entries()) {
    const view = vocabulary.view[feature]!;
    viewSizes[view]!++;
    for (let k = 0; k < classCount; k++) {
      const weight = combined(feature, feature, k);
      exact[at * classCount + k] = weight;
      largest[view] = Math.max(largest[view]!, Math.abs(weight));
    }
  }
  const viewScale = [...largest].map((most) => Math.max(1e-9, most) / 127);
  const weight = new Int8Array(features * classCount);
  for (let i = 0; i < weight.length; i++) {
    weight[i] = Math.round(exact[i]! / viewScale[vocabulary.view[order[Math.floor(i / classCount)]!]!]!);
  }
  const structure = new Float32Array(structureCount * classCount);
  const bias = new Float32Array(classCount);
  for (let k = 0; k < classCount; k++) {
    bias[k] = combined(biasColumn(features), features + structureCount, k);
    for (let at = 0; at < structureCount; at++) {
      structure[at * classCount + k] = combined(features + at, features + at, k) * structureScale;
    }
  }
  return {
    order,
    viewSizes,
    viewScale,
    key: Uint32Array.from(order, (feature) => vocabulary.key[feature]!),
    idf: Uint8Array.from(order, (feature) => vocabulary.idf[feature]!),
    weight,
    structure,
    bias,
  };
}

/** A repository's block: what it adds, without features whose weights round to nothing. */
export function assembleBlock(
  adapted: AdaptedModel,
  order: Uint32Array,
  repository: string,
  domain: number,
): StoredBlock {
  const { features, options } = adapted;
  const own = (column: number, k: number): number => options.blockShare * adapted.weightOf(domain, column, k);
  let largest = 1e-9;
  for (let feature = 0; feature < features; feature++) {
    for (let k = 0; k < classCount; k++) largest = Math.max(largest, Math.abs(own(feature, k)));
  }
  const scale = largest / 127;
  const kept: number[] = [];
  const weights: number[] = [];
  for (const [at, feature] of order.entries()) {
    const rounded = Array.from({ length: classCount }, (_, k) => Math.round(own(feature, k) / scale));
    if (!rounded.some((each) => Math.abs(each) >= 2)) continue;
    kept.push(at);
    weights.push(...rounded);
  }
  const structure = new Float32Array(structureCount * classCount);
  const bias = new Float32Array(classCount);
  for (let k = 0; k < classCount; k++) {
    bias[k] = own(biasColumn(features), k);
    for (let at = 0; at < structureCount; at++)
      structure[at * classCount + k] = own(features + at, k) * structureScale;
  }
  return {
    repository: repository.toLowerCase(),
    feature: Uint32Array.from(kept),
    weight: Int8Array.from(weights),
    scale,
    structure,
    bias,
  };
}
