import { formatKey } from '../../contracts/issue.ts';
import { RawHeaders } from '../../contracts/topics.ts';
import type { StoredEvent } from '../../database/intake-reads.ts';
import { decompressPayload } from '../../database/payload-bytes.ts';
import type { IssueEvent } from '../../domain/issue-event.ts';
import { readEvent } from '../../github/read-event.ts';

/** Reads stored events back from their bytes, by topic key: the same reading that took them in. */
export async function restoreEvents(
  rows: readonly StoredEvent[],
): Promise<ReadonlyMap<string, readonly IssueEvent[]>> {
  const events = await Promise.all(
    rows.map(async (row) => {
      const headers = RawHeaders.parse({
        'delivery-id': row.delivery_id,
        event: row.event,
        action: row.action,
        issue: '',
        'correlation-id': row.correlation_id,
        'received-at': String(row.received_at.getTime()),
        origin: row.origin,
      });
      const read = readEvent(headers, await decompressPayload(row.payload));
      if (read.kind === 'unreadable') throw new Error(`stored event ${row.delivery_id}: ${read.reason}`);
      return read.event;
    }),
  );
  return Map.groupBy(events, (event) => formatKey(event.key));
}
