// npm run simulate -- --seed N --runs M [--jobs J] [--shrink] [--without 'a fault'] [--model always|never] [--mutation 'a guard'] [--twice]
import './engine/synchronous-zlib.ts';
import { applyMutation } from './mutations/apply-mutation.ts';
import { mutations } from './mutations/mutations.ts';
import { readOptions } from './options.ts';
import { runInParallel } from './run-in-parallel.ts';

const options = readOptions(process.argv.slice(2));
if (options.jobs > 1) {
  process.exitCode = await runInParallel(options, process.argv.slice(2));
} else {
  // The program is loaded only now, with the guard taken away.
  if (options.mutation !== null) applyMutation(options.mutation);
  const { simulateSeeds } = await import('./simulate-seeds.ts');
  const { faults = [], remoteModel } = mutations[options.mutation ?? ''] ?? {};
  const { failed, text } = await simulateSeeds(
    { ...options, remoteModel: options.remoteModel ?? remoteModel },
    [...options.always, ...faults],
    (line) => console.log(line),
  );
  console.log(text);
  process.exit(failed > 0 ? 1 : 0);
}
