// npm run simulate -- --seed N --runs M [--shrink] [--twice]
import { parseArgs } from 'node:util';
import './engine/synchronous-zlib.ts';

const { values } = parseArgs({
  options: {
    seed: { type: 'string', default: '1' },
    runs: { type: 'string', default: '100' },
    /** Runs each seed twice and compares the traces. */
    twice: { type: 'boolean', default: false },
    shrink: { type: 'boolean', default: false },
  },
});

const { SimulatedPostgres } = await import('./database/simulated-postgres.ts');
const { simulate } = await import('./run.ts');

const postgres = await SimulatedPostgres.open();
const first = Number(values.seed);
const began = performance.now();
let failed = 0;
let steps = 0;
for (let seed = first; seed < first + Number(values.runs); seed += 1) {
  const outcome = await simulate(postgres, { seed });
  steps += outcome.steps;
  const again = values.twice ? await simulate(postgres, { seed }) : outcome;
  if (again.digest !== outcome.digest) console.log(`seed ${seed}: two runs of it differ`);
  if (outcome.problems.length === 0) continue;
  failed += 1;
  if (Number(values.runs) === 1) console.log(outcome.tail.join('\n'));
  console.log(`seed ${seed}: ${outcome.problems.join('\n  ')}\n  faults: ${outcome.faults.join(', ')}`);
}
const seconds = (performance.now() - began) / 1000;
console.log(`${values.runs} runs, ${failed} failed, ${steps} steps, ${seconds.toFixed(1)} s`);
await postgres.close();
process.exit(failed > 0 ? 1 : 0);
