import { extractFeatures } from '../features/extract-features.ts';
import { structureCount, structureOf } from '../features/structure.ts';
import { viewCount } from '../features/views.ts';
import { dequantiseIdf } from '../model/idf.ts';
import { cell, filterBit, firstSlot, type LocalModel, type RepositoryBlock } from '../model/local-model.ts';
import { scanIssue } from '../text/scan-issue.ts';

const idfs = Float64Array.from({ length: 256 }, (_, code) => dequantiseIdf(code));
const damped = Float64Array.from({ length: 256 }, (_, times) => (times === 0 ? 0 : 1 + Math.log(times)));

/** Reads an issue and leaves its logits, and what led to them, in the model's workspace. */
export function score(
  model: LocalModel,
  block: RepositoryBlock | undefined,
  title: string,
  body: string,
): void {
  const { workspace } = model;
  scanIssue(workspace.scan, title, body);
  extractFeatures(workspace.scan, workspace.features);
  workspace.touches = 0;
  for (let k = 0; k < 4; k++)
    workspace.logits[k] = model.bias[k]! + (block === undefined ? 0 : block.bias[k]!);
  let from = 0;
  for (let which = 0; which < viewCount; which++) {
    const to = workspace.features.viewEnd[which]!;
    const first = workspace.touches;
    lookUp(model, from, to);
    weigh(model, block, first, model.viewScale[which]!);
    from = to;
  }
  addStructure(model, block);
}

/** Finds the n-grams `from` to `to` in the table and counts each. */
function lookUp(model: LocalModel, from: number, to: number): void {
  const { cells, filter, slotMask, slotShift, workspace } = model;
  const { touchCell, touchWeight, touchFeature, touchGram, touchTimes } = workspace;
  const { key } = workspace.features;
  let touches = workspace.touches;
  for (let at = from; at < to; at++) {
    const wanted = key[at]!;
    const bit = filterBit(wanted);
    if (((filter[bit >>> 5]! >>> (bit & 31)) & 1) === 0) continue;
    let slot = firstSlot(wanted, slotShift);
    let found = cells[slot * cell.length]!;
    while (found !== wanted && found !== 0) {
      slot = (slot + 1) & slotMask;
      found = cells[slot * cell.length]!;
    }
    if (found === 0) continue;
    const base = slot * cell.length;
    const touch = cells[base + cell.touch]!;
    if (touch !== 0) {
      touchTimes[touch - 1]!++;
      continue;
    }
    touchCell[touches] = base;
    touchWeight[touches] = cells[base + cell.weight]!;
    touchFeature[touches] = cells[base + cell.feature]!;
    touchGram[touches] = at;
    touchTimes[touches] = 1;
    cells[base + cell.touch] = ++touches;
  }
  workspace.touches = touches;
}

/** Scales the touches from `first` on to length 1 and adds their weights to the logits. */
function weigh(model: LocalModel, block: RepositoryBlock | undefined, first: number, scale: number): void {
  const { cells, workspace } = model;
  const { logits, touchCell, touchWeight, touchFeature, touchTimes, touchValue, touchPlain, touches } =
    workspace;
  let squares = 0;
  for (let touch = first; touch < touches; touch++) {
    const times = touchTimes[touch]!;
    const value = damped[times < 256 ? times : 255]! * idfs[touchFeature[touch]! & 255]!;
    cells[touchCell[touch]! + cell.touch] = 0;
    touchPlain[touch] = value;
    squares += value * value;
  }
  if (squares === 0) return;
  const norm = 1 / Math.sqrt(squares);
  let a = 0;
  let b = 0;
  let c = 0;
  let d = 0;
  for (let touch = first; touch < touches; touch++) {
    const packed = touchWeight[touch]!;
    const plain = touchPlain[touch]! * norm;
    const value = plain * scale;
    touchPlain[touch] = plain;
    touchValue[touch] = value;
    a += value * ((packed << 24) >> 24);
    b += value * ((packed << 16) >> 24);
    c += value * ((packed << 8) >> 24);
    d += value * (packed >> 24);
    if (block === undefined) continue;
    const base = (touchFeature[touch]! >>> 8) * 4;
    const own = plain * block.scale;
    a += own * block.weight[base]!;
    b += own * block.weight[base + 1]!;
    c += own * block.weight[base + 2]!;
    d += own * block.weight[base + 3]!;
  }
  logits[0] = logits[0]! + a;
  logits[1] = logits[1]! + b;
  logits[2] = logits[2]! + c;
  logits[3] = logits[3]! + d;
}

function addStructure(model: LocalModel, block: RepositoryBlock | undefined): void {
  const { structure, logits, scan } = model.workspace;
  structureOf(scan.signals, structure);
  for (let at = 0; at < structureCount; at++) {
    const value = structure[at]!;
    if (value === 0) continue;
    for (let k = 0; k < 4; k++) {
      const weight = model.structure[at * 4 + k]! + (block === undefined ? 0 : block.structure[at * 4 + k]!);
      logits[k] = logits[k]! + value * weight;
    }
  }
}
