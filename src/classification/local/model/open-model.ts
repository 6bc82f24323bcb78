import { createWorkspace } from '../scoring/workspace.ts';
import {
  cell,
  filterBit,
  filterBits,
  firstSlot,
  type LocalModel,
  type RepositoryBlock,
} from './local-model.ts';
import { decodeModel, type StoredBlock } from './model-file.ts';

/** Builds the tables from the file's bytes (about 30 ms). Throws when the file is damaged or of another format. */
export function openModel(file: Uint8Array): LocalModel {
  const { model, digest } = decodeModel(file);
  const features = model.key.length;
  const bits = Math.max(4, Math.ceil(Math.log2(features * 1.4 + 1)));
  const slots = 2 ** bits;
  const slotShift = 32 - bits;
  const cells = new Int32Array(slots * cell.length);
  const filter = new Int32Array(2 ** (filterBits - 5));
  const packed = new Int32Array(model.weight.buffer, model.weight.byteOffset, features);
  for (let feature = 0; feature < features; feature++) {
    const key = model.key[feature]!;
    let slot = firstSlot(key, slotShift);
    while (cells[slot * cell.length] !== 0) slot = (slot + 1) & (slots - 1);
    const at = slot * cell.length;
    cells[at + cell.key] = key;
    cells[at + cell.weight] = packed[feature]!;
    cells[at + cell.feature] = (feature << 8) | model.idf[feature]!;
    const bit = filterBit(key);
    filter[bit >>> 5]! |= 1 << (bit & 31);
  }
  const blocks = new Map(model.blocks.map((block) => [block.repository, openBlock(block, features)]));
  return {
    name: model.name,
    version: digest.slice(0, 12),
    slotMask: slots - 1,
    slotShift,
    cells,
    filter,
    viewScale: Float64Array.from(model.viewScale),
    structure: model.structure,
    bias: model.bias,
    temperature: model.temperature,
    temperatureElsewhere: model.temperatureElsewhere,
    block: (repository) => blocks.get(repository.toLowerCase())?.(),
    workspace: createWorkspace(),
  };
}

/** Spread out only when its repository is met: most installations never meet it. */
function openBlock(stored: StoredBlock, features: number): () => RepositoryBlock {
  let opened: RepositoryBlock | undefined;
  return () => {
    if (opened !== undefined) return opened;
    const weight = new Int8Array(features * 4);
    for (let at = 0; at < stored.feature.length; at++) {
      const to = stored.feature[at]! * 4;
      for (let k = 0; k < 4; k++) weight[to + k] = stored.weight[at * 4 + k]!;
    }
    opened = { weight, scale: stored.scale, structure: stored.structure, bias: stored.bias };
    return opened;
  };
}
