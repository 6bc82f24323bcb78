import { createHash } from 'node:crypto';
import { structureCount } from '../features/structure.ts';
import { viewNames } from '../features/views.ts';
import { signalNames } from '../text/signals.ts';
import { classCount, classes } from './classes.ts';
import { readDeltas, writeDeltas } from './deltas.ts';

const magic = 0x4d4c_4944;
const fingerprintBytes = 5;

/** What one repository's block looks like in the file: only the features it weighs. */
export interface StoredBlock {
  readonly repository: string;
  /** Ascending feature indices. */
  readonly feature: Uint32Array;
  readonly weight: Int8Array;
  readonly scale: number;
  readonly structure: Float32Array;
  readonly bias: Float32Array;
}

/** The model as it is stored. Features are ordered by view, then key. */
export interface StoredModel {
  readonly name: string;
  readonly temperature: number;
  readonly temperatureElsewhere: number;
  /** How many features each view has. */
  readonly viewSizes: readonly number[];
  readonly viewScale: readonly number[];
  readonly key: Uint32Array;
  readonly idf: Uint8Array;
  readonly weight: Int8Array;
  readonly structure: Float32Array;
  readonly bias: Float32Array;
  readonly blocks: readonly StoredBlock[];
  /** Of every text trained on, five bytes each, ascending. */
  readonly fingerprints: Uint8Array;
}

interface Header {
  readonly format: 1;
  readonly name: string;
  readonly categories: readonly string[];
  readonly views: readonly string[];
  readonly signals: readonly string[];
  readonly temperature: number;
  readonly temperatureElsewhere: number;
  readonly viewSizes: readonly number[];
  readonly viewScale: readonly number[];
  readonly blocks: readonly {
    readonly repository: string;
    readonly features: number;
    readonly bytes: number;
    readonly scale: number;
  }[];
  readonly fingerprints: number;
  /** SHA-256 (hex) of the header without this field and of everything behind the header. */
  readonly digest: string;
}

const digestOf = (header: Omit<Header, 'digest'>, payload: Uint8Array): string =>
  createHash('sha256').update(JSON.stringify(header)).update(payload).digest('hex');

/**
 * The file: magic, length of the header, header (JSON), then little-endian sections: bias, structure, keys, idf,
 * weights, per block bias, structure, feature indices (deltas), weights; fingerprints.
 */
export function encodeModel(model: StoredModel): Uint8Array {
  const deltas = model.blocks.map((block) => writeDeltas(block.feature));
  const payload = Buffer.concat([
    bytesOf(model.bias),
    bytesOf(model.structure),
    bytesOf(model.key),
    model.idf,
    bytesOf(model.weight),
    ...model.blocks.flatMap((block, at) => [
      bytesOf(block.bias),
      bytesOf(block.structure),
      deltas[at]!,
      bytesOf(block.weight),
    ]),
    model.fingerprints,
  ]);
  const fields: Omit<Header, 'digest'> = {
    format: 1,
    name: model.name,
    categories: [...classes],
    views: [...viewNames],
    signals: [...signalNames],
    temperature: model.temperature,
    temperatureElsewhere: model.temperatureElsewhere,
    viewSizes: [...model.viewSizes],
    viewScale: [...model.viewScale],
    blocks: model.blocks.map((block, at) => ({
      repository: block.repository,
      features: block.feature.length,
      bytes: deltas[at]!.length,
      scale: block.scale,
    })),
    fingerprints: model.fingerprints.length / fingerprintBytes,
  };
  const header = Buffer.from(JSON.stringify({ ...fields, digest: digestOf(fields, payload) }));
  const prefix = Buffer.alloc(8);
  prefix.writeUInt32LE(magic, 0);
  prefix.writeUInt32LE(header.length, 4);
  return Buffer.concat([prefix, header, payload]);
}

/** Throws when the file is damaged, or made for other features than this code computes. */
export function decodeModel(file: Uint8Array): { readonly model: StoredModel; readonly digest: string } {
  const bytes = Buffer.from(file.buffer, file.byteOffset, file.byteLength);
  if (bytes.length < 8 || bytes.readUInt32LE(0) !== magic) throw new Error('not a model file');
  const headerEnd = 8 + bytes.readUInt32LE(4);
  // The digest below says that `encodeModel` wrote it, so its shape need not be checked as well.
  const { digest, ...header } = JSON.parse(bytes.toString('utf8', 8, headerEnd)) as Header;
  const payload = bytes.subarray(headerEnd);
  if (digestOf(header, payload) !== digest) throw new Error('the model file is damaged: its digest differs');
  if (header.format !== 1) throw new Error(`the model file has format ${String(header.format)}, not 1`);
  if (header.views.join() !== viewNames.join() || header.signals.join() !== signalNames.join()) {
    throw new Error('the model file was trained for other features: run training/train.ts');
  }
  let at = 0;
  const take = (length: number): Uint8Array<ArrayBuffer> => {
    const part = new Uint8Array(length);
    part.set(payload.subarray(at, at + length));
    at += length;
    return part;
  };
  const features = header.viewSizes.reduce((sum, size) => sum + size, 0);
  const floats = (count: number): Float32Array => new Float32Array(take(count * 4).buffer);
  const signedBytes = (count: number): Int8Array => new Int8Array(take(count).buffer);
  const model: StoredModel = {
    name: header.name,
    temperature: header.temperature,
    temperatureElsewhere: header.temperatureElsewhere,
    viewSizes: header.viewSizes,
    viewScale: header.viewScale,
    bias: floats(classCount),
    structure: floats(structureCount * classCount),
    key: new Uint32Array(take(features * 4).buffer),
    idf: take(features),
    weight: signedBytes(features * classCount),
    blocks: header.blocks.map((block) => ({
      repository: block.repository,
      scale: block.scale,
      bias: floats(classCount),
      structure: floats(structureCount * classCount),
      feature: readDeltas(take(block.bytes), block.features),
      weight: signedBytes(block.features * classCount),
    })),
    fingerprints: take(header.fingerprints * fingerprintBytes),
  };
  return { model, digest };
}

const bytesOf = (array: Float32Array | Uint32Array | Int8Array): Uint8Array =>
  new Uint8Array(array.buffer, array.byteOffset, array.byteLength);
