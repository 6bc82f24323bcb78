import type { Queries } from '../../database/database.ts';
import { copyTable, type OffsetShift, readColumns } from './copy-table.ts';
import type { MovePlan } from './move-plan.ts';
import { counting, type MoveOptions } from './move-progress.ts';
import { movedTableNames } from './moved-tables.ts';

/** Copies every table into the target's transaction. */
export async function copyTables(
  { from, to }: { readonly from: Queries; readonly to: Queries },
  plan: MovePlan,
  options: MoveOptions,
): Promise<void> {
  const columns = await readColumns(from);
  const shifts = offsetShifts(plan);
  for (const table of movedTableNames) {
    const total = plan.tables.find((each) => each.table === table)?.rows ?? 0;
    const onCopied = counting(options, { of: table, kind: 'rows', total });
    await copyTable({ from, to, columns, shifts, onCopied, signal: options.signal }, table);
  }
}

/**
 * A stored event names the record it came from. Webhooks lie without gaps, so those of a partition move by the same
 * distance; of those that the target does not keep it comes to lie before the partition's start.
 */
function offsetShifts({ partitions }: MovePlan): readonly OffsetShift[] {
  return partitions.map(({ topic, partition, from, targetEnd }) => ({
    topic,
    partition,
    by: from - targetEnd,
  }));
}
