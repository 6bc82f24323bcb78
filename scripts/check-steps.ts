import type { Step } from './steps.ts';

/** What every change must pass, quick enough to run before each commit. */
export const checkSteps: readonly Step[] = [
  { name: 'lint and format (biome)', script: 'node_modules/@biomejs/biome/bin/biome', args: ['check', '.'] },
  { name: 'types (tsc)', script: 'node_modules/typescript/bin/tsc', args: ['-p', '.'] },
  { name: 'types of the page (tsc)', script: 'node_modules/typescript/bin/tsc', args: ['-p', 'web'] },
  {
    name: 'directions (depcruise)',
    script: 'node_modules/dependency-cruiser/bin/dependency-cruiser.mjs',
    args: ['--config', '.dependency-cruiser.mjs', 'src', 'web', 'training', 'bench', 'scripts', 'test'],
  },
  { name: 'dead code (knip)', script: 'node_modules/knip/bin/knip.js', args: [] },
  {
    name: 'unit tests (vitest)',
    script: 'node_modules/vitest/vitest.mjs',
    args: ['run', '--project', 'quick'],
  },
];
