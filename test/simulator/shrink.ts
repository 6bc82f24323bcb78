import type { FaultName } from './faults/faults.ts';
import type { RunOptions, RunOutcome } from './run.ts';

export interface Shrunk {
  readonly options: RunOptions;
  readonly outcome: RunOutcome;
}

/**
 * Looks for a smaller run that fails too, by whichever invariant: first without each fault, then without parts of the
 * plan, halves before quarters before single steps. What is left out changes what follows, so this is a search.
 */
export async function shrink(
  failing: Shrunk,
  simulate: (options: RunOptions) => Promise<RunOutcome>,
): Promise<Shrunk> {
  let smallest = failing;
  const fails = async (options: RunOptions): Promise<boolean> => {
    const outcome = await simulate(options);
    if (outcome.problems.length === 0) return false;
    smallest = { options, outcome };
    return true;
  };
  for (const fault of failing.outcome.faults) {
    const without = new Set<FaultName>([...(smallest.options.without ?? []), fault]);
    await fails({ ...smallest.options, without });
  }
  const all = smallest.outcome.plan.map(({ id }) => id);
  for (let size = Math.ceil(all.length / 2); size >= 1; size = size === 1 ? 0 : Math.ceil(size / 2)) {
    for (let from = 0; from < all.length; from += size) {
      const before = smallest.options.omitted ?? new Set<number>();
      const part = all.slice(from, from + size).filter((id) => !before.has(id));
      if (part.length > 0) await fails({ ...smallest.options, omitted: new Set([...before, ...part]) });
    }
  }
  return smallest;
}
