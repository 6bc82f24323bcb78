import { rulesVersion } from '../rules/version.ts';
import type { LocalModel } from './local-model.ts';

/** Changes when the weights change and when the rules do. */
export const versionOf = (model: LocalModel): string => `${model.version}-r${rulesVersion}`;
