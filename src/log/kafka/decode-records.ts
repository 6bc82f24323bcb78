import type { LogRecord } from '../event-log.ts';
import { committedBatches, timestampOf } from './client-workarounds.ts';
import type { Cursor } from './cursor.ts';
import type { FetchedPartition } from './protocol.ts';

/**
 * Hands the partition's committed records from the cursor on to `take` and moves the cursor behind what was fetched:
 * behind gaps that compaction left, aborted records and control records too.
 */
export function decodeRecords(
  fetched: FetchedPartition,
  cursor: Cursor,
  take: (record: LogRecord) => void,
): void {
  const batches = fetched.records ?? [];
  const { topic, partition } = cursor;
  for (const batch of committedBatches(batches, fetched.abortedTransactions)) {
    const base = Number(batch.firstOffset);
    for (const record of batch.records) {
      const offset = base + record.offsetDelta;
      // Brokers send whole batches: what lies before the cursor was read, what lies behind is not wanted.
      if (offset < cursor.next || offset >= cursor.to) continue;
      take({
        topic,
        partition,
        offset,
        timestamp: timestampOf(batch, record),
        key: record.key?.toString() ?? '',
        value: record.value,
        headers: Object.fromEntries(
          record.headers.map(([name, value]) => [name?.toString() ?? '', value?.toString() ?? '']),
        ),
      });
    }
  }
  const last = batches.at(-1);
  if (last) cursor.next = Math.max(cursor.next, Number(last.firstOffset) + last.lastOffsetDelta + 1);
}
