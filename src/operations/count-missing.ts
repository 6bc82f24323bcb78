import type { Consistency } from '../contracts/health.ts';
import { formatKey } from '../contracts/issue.ts';
import { type MissingSlice, readMissing } from '../database/consistency-reads.ts';
import type { Queries } from '../database/database.ts';
import type { Clock } from '../effects/clock.ts';

/** Looked at in one statement: some 30 ms, so that the embedded database's one session stays free. */
const eventsPerSlice = 2_000;
const sampleSize = 10;

/** Counts issues whose events were applied but which are neither in `issues` nor in the ledger. */
export async function countMissing(
  { queries, clock }: { readonly queries: Queries; readonly clock: Clock },
  signal?: AbortSignal,
): Promise<Consistency['missing']> {
  let count = 0;
  const sample: string[] = [];
  let after: MissingSlice['last'] = null;
  do {
    const slice: MissingSlice = await readMissing(queries, after, eventsPerSlice);
    count += slice.missing.length;
    sample.push(...slice.missing.slice(0, sampleSize - sample.length).map(formatKey));
    after = slice.last;
  } while (after !== null && !signal?.aborted);
  return {
    count,
    sample,
    repair:
      count === 0
        ? null
        : 'Rows of `issues` were removed without the ledger. The next event of such an issue on GitHub, an edit or a ' +
          'comment, brings it back, and so does importing a state of it that was not imported before; ' +
          '`dispatchai issues delete <repository id>#<number>` records a deletion that was meant.',
    checkedAt: new Date(clock.now()).toISOString(),
  };
}
