import type { Evidence } from '../../../contracts/classification.ts';
import type { LocalModel, RepositoryBlock } from '../model/local-model.ts';
import { lexiconsOf } from '../text/lexicons.ts';
import { zoneMask } from '../text/scan.ts';
import { type SignalName, signalNames } from '../text/signals.ts';
import { countedWords, phrases } from './phrases.ts';
import { cut, plainText } from './plain-text.ts';

const candidates = 24;
const shown = 6;

/** What weighed, strongest first; `words` tells words of the issue from what was counted about it. */
export interface Weighed extends Evidence {
  readonly words: boolean;
}

/**
 * What spoke most for and against a class in the classification that the workspace still holds. The weight is how
 * much it moved that class against the mean of all; the strongest is 1 or -1.
 */
export function weighed(model: LocalModel, block: RepositoryBlock | undefined, chosen: number): Weighed[] {
  const total = new Map<string, Weighed>();
  const add = (text: string, weight: number, words: boolean): void => {
    const name = text.toLowerCase();
    const known = total.get(name);
    total.set(
      name,
      known === undefined ? { text, weight, words } : { ...known, weight: known.weight + weight },
    );
  };
  for (const { text, weight } of strongestWords(model, block, chosen)) add(text, weight, true);
  for (const { name, weight } of strongestSignals(model, block, chosen)) {
    const phrase = phrases[name];
    const word = phrase ?? countedWord(model, name);
    if (word !== undefined) add(word, weight, phrase === undefined);
  }
  const sorted = [...total.values()].sort((a, b) => Math.abs(b.weight) - Math.abs(a.weight)).slice(0, shown);
  const largest = Math.abs(sorted[0]?.weight ?? 1) || 1;
  return sorted.map((each) => ({ ...each, weight: Math.round((each.weight / largest) * 1000) / 1000 }));
}

interface WeighedSignal {
  readonly name: SignalName;
  readonly weight: number;
}

/** The signals with the largest margins that can be said in words. */
function strongestSignals(
  model: LocalModel,
  block: RepositoryBlock | undefined,
  chosen: number,
): WeighedSignal[] {
  const { structure } = model.workspace;
  const found: WeighedSignal[] = [];
  for (let at = 0; at < signalNames.length; at++) {
    const name = signalNames[at]!;
    if (structure[at * 2] === 0 || (phrases[name] === undefined && countedWords[name] === undefined))
      continue;
    let weight = 0;
    for (const part of [at * 2, at * 2 + 1]) {
      weight += structure[part]! * structureMargin(model, block, part, chosen);
    }
    found.push({ name, weight });
  }
  return found.sort((a, b) => Math.abs(b.weight) - Math.abs(a.weight)).slice(0, shown);
}

/** The first word that a signal counted. */
function countedWord(model: LocalModel, name: SignalName): string | undefined {
  const counted = countedWords[name];
  const { scan } = model.workspace;
  for (let at = 0; counted !== undefined && at < scan.count; at++) {
    if ((scan.place[at]! & zoneMask) !== counted.zone) continue;
    if (lexiconsOf(scan.hash[at]!) & counted.list)
      return plainText(scan.text.slice(scan.start[at], scan.end[at]));
  }
  return undefined;
}

function structureMargin(
  model: LocalModel,
  block: RepositoryBlock | undefined,
  part: number,
  chosen: number,
): number {
  let mean = 0;
  let own = 0;
  for (let k = 0; k < 4; k++) {
    const weight = model.structure[part * 4 + k]! + (block?.structure[part * 4 + k] ?? 0);
    mean += weight / 4;
    if (k === chosen) own = weight;
  }
  return own - mean;
}

/** The word n-grams with the largest margins, as text of the issue. */
function strongestWords(model: LocalModel, block: RepositoryBlock | undefined, chosen: number): Evidence[] {
  const { features, scan, touchWeight, touchFeature, touchGram, touchValue, touchPlain, touches } =
    model.workspace;
  const kept = new Int32Array(candidates).fill(-1);
  const margins = new Float64Array(candidates);
  let least = 0;
  const shift = 24 - chosen * 8;
  for (let touch = 0; touch < touches; touch++) {
    const gram = touchGram[touch]!;
    if (features.span[gram] === 0) continue;
    const packed = touchWeight[touch]!;
    const sum = ((packed << 24) >> 24) + ((packed << 16) >> 24) + ((packed << 8) >> 24) + (packed >> 24);
    let margin = touchValue[touch]! * (((packed << shift) >> 24) - sum / 4);
    if (block !== undefined) {
      const base = (touchFeature[touch]! >>> 8) * 4;
      const { weight } = block;
      const own = weight[base]! + weight[base + 1]! + weight[base + 2]! + weight[base + 3]!;
      margin += touchPlain[touch]! * block.scale * (weight[base + chosen]! - own / 4);
    }
    const size = margin < 0 ? -margin : margin;
    if (size <= least) continue;
    // Insertion into a short sorted list: almost every n-gram fails the test above.
    let at = candidates - 1;
    while (at > 0 && Math.abs(margins[at - 1]!) < size) {
      margins[at] = margins[at - 1]!;
      kept[at] = kept[at - 1]!;
      at--;
    }
    margins[at] = margin;
    kept[at] = touch;
    least = Math.abs(margins[candidates - 1]!);
  }
  const found: Evidence[] = [];
  for (let at = 0; at < candidates && kept[at]! >= 0; at++) {
    const gram = touchGram[kept[at]!]!;
    const first = features.token[gram]!;
    const last = Math.min(first + features.span[gram]! - 1, scan.count - 1);
    const text = cut(plainText(scan.text.slice(scan.start[first], scan.end[last])), 60);
    if (text !== '') found.push({ text, weight: margins[at]! });
  }
  return found;
}
