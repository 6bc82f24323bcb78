// npm run test:faults: the kill tests with 25 kills of each service. Prints what docs/guarantees.md shows.
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { KillFigures } from '../test/kills/figures.ts';
import { formatFigures } from '../test/kills/format-figures.ts';
import { obtainServers } from './obtain-servers.ts';
import { runStep, summarise } from './steps.ts';

const directory = mkdtempSync(join(tmpdir(), 'dispatchai-faults-'));
const file = join(directory, 'figures.jsonl');
process.env.KILLS_OF_EACH ??= '25';
process.env.KILLS_FIGURES = file;

const obtained = await obtainServers();
const missing = obtained.flatMap(({ missing: advice }) => (advice === null ? [] : [advice]));
const projects = missing.length > 0 ? ['system'] : ['system', 'served-system'];
const result = await runStep({
  name: 'kills (vitest)',
  script: 'node_modules/vitest/vitest.mjs',
  args: ['run', ...projects.flatMap((project) => ['--project', project]), 'test/kills/'],
  live: true,
});
process.exitCode = summarise([result]) ? 0 : 1;
for (const advice of missing) console.log(`embedded only: ${advice}`);
const lines = result.passed ? readFileSync(file, 'utf8').trim().split('\n') : [];
for (const line of lines) console.log(`\n${formatFigures(KillFigures.parse(JSON.parse(line)))}`);
rmSync(directory, { recursive: true });
