import { expect, test } from 'vitest';
import { categories } from '../../../contracts/classification.ts';
import { structureCount } from '../features/structure.ts';
import { classes } from './classes.ts';
import { readDeltas, writeDeltas } from './deltas.ts';
import { fingerprintOf, hasFingerprint, packFingerprints } from './fingerprints.ts';
import { decodeModel, encodeModel, type StoredModel } from './model-file.ts';
import { openModel } from './open-model.ts';

const small: StoredModel = {
  name: 'local',
  temperature: 1.25,
  temperatureElsewhere: 1.5,
  viewSizes: [2, 1, 0, 0, 0, 0, 0],
  viewScale: [0.5, 0.25, 1, 1, 1, 1, 1],
  key: Uint32Array.of(7, 0xffff_fff0, 9),
  idf: Uint8Array.of(1, 2, 3),
  weight: Int8Array.of(1, -2, 3, -4, 5, -6, 7, -8, 127, -127, 0, 1),
  structure: new Float32Array(structureCount * 4).fill(0.125),
  bias: Float32Array.of(0.5, -0.5, 0.25, 0),
  blocks: [
    {
      repository: 'a/b',
      feature: Uint32Array.of(0, 2),
      weight: Int8Array.of(1, 2, 3, 4, 5, 6, 7, 8),
      scale: 0.0625,
      structure: new Float32Array(structureCount * 4),
      bias: Float32Array.of(1, 0, 0, 0),
    },
  ],
  fingerprints: packFingerprints([fingerprintOf('title', 'body')]),
};

test('what is encoded is decoded', () => {
  const { model, digest } = decodeModel(encodeModel(small));
  expect(model).toEqual(small);
  expect(digest).toMatch(/^[0-9a-f]{64}$/);
});

test('the version follows the content', () => {
  const other = encodeModel({ ...small, temperature: 2 });
  expect(openModel(encodeModel(small)).version).toBe(openModel(encodeModel(small)).version);
  expect(openModel(other).version).not.toBe(openModel(encodeModel(small)).version);
});

test('a damaged file is refused', () => {
  const file = Uint8Array.from(encodeModel(small));
  file[file.length - 1]! ^= 1;
  expect(() => decodeModel(file)).toThrow('damaged');
  expect(() => decodeModel(new Uint8Array(3))).toThrow('not a model file');
});

test('blocks are found whatever the case of the repository, and others have none', () => {
  const model = openModel(encodeModel(small));
  expect(model.block('A/B')?.weight.subarray(8, 12)).toEqual(Int8Array.of(5, 6, 7, 8));
  expect(model.block('a/c')).toBeUndefined();
});

test('deltas of any size', () => {
  const numbers = Uint32Array.of(0, 1, 128, 129, 300_000, 2_000_000);
  expect(readDeltas(writeDeltas(numbers), numbers.length)).toEqual(numbers);
});

test('a text is known whatever its blanks', () => {
  expect(hasFingerprint(small.fingerprints, fingerprintOf('Title', '\r\n body '))).toBe(true);
  expect(hasFingerprint(small.fingerprints, fingerprintOf('title', 'other'))).toBe(false);
});

test('the classes are the categories of the contract, in its order', () => {
  expect(classes).toEqual(categories);
});
