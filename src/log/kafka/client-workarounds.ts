import { type Admin, IS_CONTROL, IS_TRANSACTIONAL, type RecordsBatch } from '@platformatic/kafka';
import type { FetchedPartition } from './protocol.ts';

/*
 * What the client gets wrong, or does otherwise than a log must, is worked round here. That the client is as described
 * is shown on a real broker in `client-behaviour.served.test.ts`: when one of those tests fails, its paragraph can go.
 */

/** The client writes a tombstone for a value that is null, and its types say that there is none. */
export const tombstone = null as unknown as Buffer;

/** In a batch's attributes: the broker stamped its records when it appended them. */
const logAppendTime = 1 << 3;

/** The client leaves the broker's own timestamps aside, which topics may be configured for. */
export const timestampOf = (batch: RecordsBatch, record: RecordsBatch['records'][number]): number =>
  Number(
    batch.attributes & logAppendTime ? batch.maxTimestamp : batch.firstTimestamp + record.timestampDelta,
  );

/**
 * The client listens to a connection's first error alone. One that is reset while it authenticates has two, and the
 * second one would end the process. Whoever waits for the connection hears of the first one.
 */
export function outliveRepeatedErrors(admin: Admin): void {
  admin.connections.on('connecting', ({ connection }) => connection.on('error', () => undefined));
}

/** The version of a control record and its type, https://kafka.apache.org/documentation/#controlbatch */
const abortMarker = 0;

/**
 * The batches of a fetch whose records were committed. The client's own filter keeps one range per producer, so of two
 * aborted transactions of one producer it lets the first one's records through.
 */
export function committedBatches(
  batches: readonly RecordsBatch[],
  aborted: FetchedPartition['abortedTransactions'],
): readonly RecordsBatch[] {
  const starting = [...(aborted ?? [])].sort((a, b) => Number(a.firstOffset - b.firstOffset));
  const aborting = new Set<bigint>();
  const committed: RecordsBatch[] = [];
  for (const batch of batches) {
    const last = batch.firstOffset + BigInt(batch.lastOffsetDelta);
    while (starting[0] && starting[0].firstOffset <= last) aborting.add(starting.shift()?.producerId ?? -1n);
    if (batch.attributes & IS_CONTROL) {
      if (batch.records[0]?.key?.readInt16BE(2) === abortMarker) aborting.delete(batch.producerId);
    } else if (!(batch.attributes & IS_TRANSACTIONAL && aborting.has(batch.producerId))) {
      committed.push(batch);
    }
  }
  return committed;
}
