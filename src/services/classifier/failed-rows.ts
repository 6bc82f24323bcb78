import { formatKey } from '../../contracts/issue.ts';
import type { Queries } from '../../database/database.ts';
import { readErasedKeys } from '../../database/erasures.ts';
import type { EventRow } from '../../database/intake-writes.ts';
import { erasedReason } from '../../domain/deletion-ledger.ts';
import { firstRetry } from '../../domain/retry-schedule.ts';
import { failedRow, foldedRow, issueOf } from './event-rows.ts';
import type { Failure } from './failure.ts';
import type { PreparedRecord } from './prepare.ts';
import type { TakeInContext } from './take-in.ts';

/**
 * Events that failed by their own fault, as rows. Those of an erased issue have nothing to be tried again for, and
 * nothing of them is kept. The caller holds the keys' locks.
 */
export async function failedRows(
  transaction: Queries,
  { effects, retries }: Pick<TakeInContext, 'effects' | 'retries'>,
  failures: readonly { readonly prepared: PreparedRecord; readonly failure: Failure }[],
): Promise<readonly EventRow[]> {
  const erased = await readErasedKeys(
    transaction,
    failures.flatMap(({ prepared }) => issueOf(prepared) ?? []),
  );
  const nowMs = effects.clock.now();
  return failures.map(({ prepared, failure }) => {
    const key = issueOf(prepared);
    if (key !== null && erased.has(formatKey(key))) {
      return foldedRow(prepared, { status: 'refused', reason: erasedReason, isForgotten: true });
    }
    const retryInMs = firstRetry(retries, effects.randomness.fraction());
    return failedRow(prepared, failure, { nowMs, retryInMs });
  });
}
