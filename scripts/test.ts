// npm test: the check, then everything that starts real servers and a real browser.

import { checkSteps } from './check-steps.ts';
import { obtainChromium } from './chromium.ts';
import { runStep, runSteps, summarise } from './steps.ts';

const checks = await runSteps(checkSteps);

const chromium = obtainChromium();
if (chromium.status === 'missing') console.log(`browser tests: ${chromium.advice}`);

const system = await runStep({
  name: 'whole system (vitest)',
  script: 'node_modules/vitest/vitest.mjs',
  args: ['run', '--project', 'system'],
  live: true,
});

const browserMissing = chromium.status === 'missing';
// On a build server a test that silently does not run is a hole; at home it is a choice.
const failed = browserMissing && process.env.CI === 'true';
const browser = {
  name: 'browser for the tests',
  passed: !failed,
  seconds: 0,
  output: browserMissing ? chromium.advice : '',
};
process.exitCode = summarise([...checks, browser, system]) ? 0 : 1;
if (browserMissing && !failed) console.log('1 skipped: the browser tests (no chromium)');
