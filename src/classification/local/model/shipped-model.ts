import { readFileSync } from 'node:fs';
import type { LocalModel } from './local-model.ts';
import { openModel } from './open-model.ts';

/** The weights that the product ships, made by `training/train.ts`. */
export const shippedModelFile = new URL('../model.bin', import.meta.url);

export const readShippedModel = (): LocalModel => openModel(readFileSync(shippedModelFile));
