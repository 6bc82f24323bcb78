import { fork } from 'node:child_process';
import type { SimulateOptions } from './options.ts';

/** Shares the runs between worker processes, each with an equal part of the seeds. Resolves to the exit code. */
export async function runInParallel(options: SimulateOptions, args: readonly string[]): Promise<number> {
  const each = Math.ceil(options.runs / options.jobs);
  const workers = Array.from({ length: options.jobs }, (_, index) => {
    const seed = options.seed + index * each;
    const runs = Math.min(each, options.seed + options.runs - seed);
    if (runs <= 0) return Promise.resolve(0);
    const own = [...args, '--jobs', '1', '--seed', String(seed), '--runs', String(runs)];
    const worker = fork(new URL('./main.ts', import.meta.url), own);
    return new Promise<number>((resolve, reject) => {
      worker.once('error', reject);
      worker.once('close', (code) => resolve(code ?? 1));
    });
  });
  return Math.max(...(await Promise.all(workers)));
}
