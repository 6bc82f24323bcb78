import { setImmediate as turn } from 'node:timers/promises';
import { type LogRecord, OffsetOutOfRangeError, type TopicPartitionOffset } from '../event-log.ts';
import type { Partition } from './partition.ts';
import type { Store } from './store.ts';

export interface Limits {
  readonly records: number;
  readonly bytes: number;
}

export const defaultLimits: Limits = { records: 500, bytes: 8_000_000 };

/** A reader's place in one partition: the next offset it wants. */
interface Cursor {
  readonly partition: Partition;
  next: number;
}

/**
 * Reads on from the positions and waits for new records until `ended` fires.
 * @throws OffsetOutOfRangeError when a position lies outside its partition, also when trimming overtakes it
 */
export async function* stream(
  store: Store,
  positions: readonly TopicPartitionOffset[],
  limits: Limits,
  ended: AbortSignal,
): AsyncGenerator<readonly LogRecord[], void> {
  if (ended.aborted) return;
  const cursors = positions.map((position) => ({
    partition: store.partition(position),
    next: position.offset,
  }));
  let first = 0;
  while (!ended.aborted) {
    for (const cursor of cursors) assertInside(cursor);
    const batch = take([...cursors.slice(first), ...cursors.slice(0, first)], limits);
    first = (first + 1) % Math.max(1, cursors.length);
    if (batch.length === 0) {
      await store.arrivals.next(ended);
      continue;
    }
    yield batch;
    // A reader that never waits must not keep everybody else from the event loop.
    await turn();
  }
}

/** Reads until before `to`, then ends. @throws OffsetOutOfRangeError as `stream` */
export async function* bounded(
  store: Store,
  from: TopicPartitionOffset,
  to: number,
  limits: Limits,
): AsyncGenerator<readonly LogRecord[], void> {
  const cursor = { partition: store.partition(from), next: from.offset };
  assertInside(cursor);
  while (cursor.next < to) {
    const partition = store.partition(from);
    assertInside(cursor);
    const slice = partition.slice(cursor.next, to, { ...limits, atLeastOne: true });
    cursor.next = slice.next;
    if (slice.records.length > 0) yield slice.records;
    await turn();
  }
}

function assertInside({ partition, next }: Cursor): void {
  if (next >= partition.start && next <= partition.next) return;
  const { topic, range } = partition;
  throw new OffsetOutOfRangeError({ topic, partition: partition.partition, offset: next }, range);
}

/** Fills one batch, the first cursor first; the caller begins with another one each time. */
function take(cursors: readonly Cursor[], limits: Limits): readonly LogRecord[] {
  const batch: LogRecord[] = [];
  let bytes = 0;
  for (const cursor of cursors) {
    const { partition } = cursor;
    const records = limits.records - batch.length;
    if (records <= 0) break;
    if (cursor.next >= partition.next) continue;
    const left = { records, bytes: limits.bytes - bytes, atLeastOne: batch.length === 0 };
    const slice = partition.slice(cursor.next, partition.next, left);
    cursor.next = slice.next;
    bytes += slice.bytes;
    batch.push(...slice.records);
  }
  return batch;
}
