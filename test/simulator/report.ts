import type { RunOptions, RunOutcome } from './run.ts';
import { describeStep } from './workload/describe-step.ts';

/** What a person needs of a failing run: what is wrong, how to see it again, and how it came about. */
export function reportFailure(options: RunOptions, outcome: RunOutcome, tailLines: number): string {
  const { omitted = new Set(), seed } = options;
  const plan = outcome.plan.filter(({ id }) => !omitted.has(id)).toSorted((a, b) => a.at - b.at);
  return [
    `seed ${seed} fails:`,
    ...outcome.problems.map((problem) => `  ${problem}`),
    `faults: ${outcome.faults.join(', ') || 'none'}`,
    ...(tailLines === 0
      ? []
      : [
          'plan:',
          ...plan.map((step) => `  ${describeStep(step)}`),
          'the end of its trace:',
          ...outcome.tail.slice(-tailLines),
        ]),
    `again: npm run simulate -- --seed ${seed} --runs 1 --shrink`,
  ].join('\n');
}
