import { readFileSync } from 'node:fs';
import { fingerprintOf, hasFingerprint } from './fingerprints.ts';
import { decodeModel } from './model-file.ts';
import { shippedModelFile } from './shipped-model.ts';

/** Tells whether the shipped weights were trained on a text, so that nobody takes such figures for a test. */
export function openTrainedOn(): (title: string, body: string) => boolean {
  const { fingerprints } = decodeModel(readFileSync(shippedModelFile)).model;
  return (title, body) => hasFingerprint(fingerprints, fingerprintOf(title, body));
}
