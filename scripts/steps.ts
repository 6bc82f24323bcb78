import { spawn } from 'node:child_process';
import { constants, setPriority } from 'node:os';
import { join } from 'node:path';

export interface Step {
  readonly name: string;
  /** File under `node_modules`, or a script, run by this Node. */
  readonly script: string;
  readonly args: readonly string[];
  /** Shown as it comes; when it fails its end is shown again, under the others' lines. */
  readonly live?: boolean;
  /** Takes what processor time the other steps leave. */
  readonly beside?: boolean;
}

export interface StepResult {
  readonly name: string;
  readonly passed: boolean;
  readonly seconds: number;
  readonly output: string;
}

export const root = join(import.meta.dirname, '..');

/** Runs the steps, at most two at a time, and resolves to their results in the given order. */
export async function runSteps(steps: readonly Step[]): Promise<readonly StepResult[]> {
  const results: StepResult[] = [];
  const waiting = steps.entries();
  const work = async () => {
    for (const [index, step] of waiting) {
      const result = await runStep(step);
      results[index] = result;
      console.log(line(result));
    }
  };
  await Promise.all([work(), work()]);
  return results;
}

export function runStep(step: Step): Promise<StepResult> {
  const started = performance.now();
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [join(root, step.script), ...step.args], {
      cwd: root,
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    if (step.beside && child.pid !== undefined) setPriority(child.pid, constants.priority.PRIORITY_LOW);
    const chunks: Buffer[] = [];
    for (const stream of [child.stdout, child.stderr]) {
      stream.on('data', (chunk: Buffer) => chunks.push(chunk));
      if (step.live) stream.pipe(process.stdout, { end: false });
    }
    child.once('error', reject);
    child.once('close', (code) =>
      resolve({
        name: step.name,
        passed: code === 0,
        seconds: (performance.now() - started) / 1000,
        output: step.live ? endOf(Buffer.concat(chunks).toString()) : Buffer.concat(chunks).toString(),
      }),
    );
  });
}

const shownAgain = 20_000;
const endOf = (text: string): string => text.slice(-shownAgain);

const line = ({ name, passed, seconds }: StepResult) =>
  `${passed ? 'passed' : 'FAILED'}  ${name.padEnd(28)} ${seconds.toFixed(1).padStart(6)} s`;

/** Prints what the failed steps said and one summary; returns whether all passed. */
export function summarise(results: readonly StepResult[]): boolean {
  const failed = results.filter((result) => !result.passed);
  for (const result of failed) console.log(`\n--- ${result.name} ---\n${result.output.trimEnd()}`);
  console.log(`\n${results.map(line).join('\n')}`);
  const names = failed.map((result) => result.name).join(', ');
  console.log(failed.length === 0 ? `\nall ${results.length} passed` : `\n${failed.length} failed: ${names}`);
  return failed.length === 0;
}
