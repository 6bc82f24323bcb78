// npm test: the check, then everything that starts real servers and a real browser.
import { availableParallelism } from 'node:os';
import { checkSteps } from './check-steps.ts';
import { obtainChromium } from './chromium.ts';
import { obtainServers } from './obtain-servers.ts';
import { runStep, runSteps, type StepResult, summarise } from './steps.ts';

// On a build server a test that silently does not run is a hole; at home it is a choice.
const everything = process.env.CI === 'true';
const skipped: string[] = [];

/** What tests need and this machine lacks: a failure where everything must run, else named at the end. */
function needed(result: StepResult, missing: string | null, tests: string): StepResult {
  if (missing === null) return result;
  skipped.push(`${tests} (${missing})`);
  return { ...result, passed: !everything, output: `${missing}\n${result.output}` };
}

function browser(): StepResult {
  const started = performance.now();
  const chromium = obtainChromium();
  const missing = chromium.status === 'missing' ? chromium.advice : null;
  const seconds = (performance.now() - started) / 1000;
  return needed(
    { name: 'browser for the tests', passed: true, seconds, output: '' },
    missing,
    'the browser tests',
  );
}

async function servers(): Promise<{ readonly results: readonly StepResult[]; readonly own: boolean }> {
  const obtained = await obtainServers();
  const results = obtained.map(({ result, missing }) =>
    needed(
      { ...result, passed: true },
      missing,
      `tests that start a ${result.name.split(' ')[0]} of their own`,
    ),
  );
  return { results, own: obtained.every(({ missing }) => missing === null) };
}

const simulatedRuns = 2_000;

/** Its clock is its own, so that it may be slow; the other steps wait for servers most of their time. */
const simulator = () =>
  runStep({
    name: `simulator, ${simulatedRuns.toLocaleString('en')} runs`,
    script: 'test/simulator/main.ts',
    args: ['--runs', String(simulatedRuns), '--jobs', String(availableParallelism())],
    beside: true,
  });

const vitest = (name: string, project: string) =>
  runStep({
    name,
    script: 'node_modules/vitest/vitest.mjs',
    args: ['run', '--project', project],
    live: true,
  });

const results = [...(await runSteps(checkSteps)), browser()];
const { results: obtained, own } = await servers();
results.push(...obtained);
const simulated = simulator();
results.push(await vitest('thorough unit tests (vitest)', 'thorough'));
results.push(await vitest('whole system (vitest)', 'system'));
const shared = Boolean(process.env.TEST_KAFKA && process.env.TEST_DATABASE_URL);
if (own || shared) results.push(await vitest('units on real servers (vitest)', 'served'));
else skipped.push('tests of the drivers for Kafka and PostgreSQL');
if (own) results.push(await vitest('system on real servers (vitest)', 'served-system'));
results.push(await simulated);

process.exitCode = summarise(results) ? 0 : 1;
if (skipped.length > 0) console.log(`${skipped.length} skipped: ${skipped.join('; ')}`);
