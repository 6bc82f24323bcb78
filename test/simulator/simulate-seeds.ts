import { SimulatedPostgres } from './database/simulated-postgres.ts';
import type { FaultName } from './faults/faults.ts';
import type { SimulateOptions } from './options.ts';
import { reportFailure } from './report.ts';
import { simulate } from './run.ts';
import { shrink } from './shrink.ts';

const tailLines = 60;
const progressEvery = 25;

/** Runs one seed after the other, and reports those that fail. */
export async function simulateSeeds(
  options: SimulateOptions,
  always: readonly FaultName[],
  report: (line: string) => void,
): Promise<{ readonly failed: number; readonly text: string }> {
  const postgres = await SimulatedPostgres.open();
  const began = performance.now();
  let failed = 0;
  let ran = 0;
  for (let seed = options.seed; seed < options.seed + options.runs; seed += 1) {
    const { events, without, remoteModel } = options;
    const run = { seed, events, without, always, remoteModel };
    const outcome = await simulate(postgres, run);
    ran += 1;
    if (process.stderr.isTTY && ran % progressEvery === 0)
      process.stderr.write(`seed ${seed}: ${ran} of ${options.runs} runs, ${failed} failed\n`);
    if (options.twice && (await simulate(postgres, run)).digest !== outcome.digest) {
      failed += 1;
      report(`seed ${seed}: two runs of it have different traces`);
    }
    if (outcome.problems.length === 0) continue;
    failed += 1;
    const smallest = options.shrink
      ? await shrink({ options: run, outcome }, (smaller) => simulate(postgres, smaller))
      : { options: run, outcome };
    report(
      reportFailure(smallest.options, smallest.outcome, options.runs === 1 || options.shrink ? tailLines : 0),
    );
    if (options.first || options.shrink) break;
  }
  const seconds = (performance.now() - began) / 1000;
  await postgres.close();
  return { failed, text: `${ran} runs, ${failed} failed, ${seconds.toFixed(1)} s` };
}
