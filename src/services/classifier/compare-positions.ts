import type { Position } from '../../database/positions.ts';
import { lastDelivery } from '../../domain/last-delivery.ts';
import type { EventLog, PartitionRange } from '../../log/event-log.ts';
import { OffsetOutOfRangeError } from '../../log/event-log.ts';
import { deliveryOf } from './read-record.ts';

export interface ComparedPosition {
  readonly position: Position;
  readonly range: PartitionRange;
  /**
   * `past-end`: the log ends before it. `another-record`: the record before it is not the one that was taken in.
   * Either way the log is not what it was. `before-start`: what was not taken in yet is gone.
   */
  readonly verdict: 'fits' | 'past-end' | 'another-record' | 'before-start';
}

/** Compares positions with the log: one look at the ranges, and for each position at the one record before it. */
export async function comparePositions(
  log: EventLog,
  positions: readonly Position[],
): Promise<readonly ComparedPosition[]> {
  const topics = [...new Set(positions.map(({ topic }) => topic))];
  const ranges = (await Promise.all(topics.map((topic) => log.ranges(topic)))).flat();
  const pairs = positions.flatMap((position) => {
    const range = ranges.find(
      (each) => each.topic === position.topic && each.partition === position.partition,
    );
    return range ? [{ position, range }] : [];
  });
  return await Promise.all(
    pairs.map(async ({ position, range }) => ({
      position,
      range,
      verdict: await compare(log, position, range),
    })),
  );
}

async function compare(
  log: EventLog,
  { nextOffset, lastDelivery: known }: Position,
  range: PartitionRange,
): Promise<ComparedPosition['verdict']> {
  if (nextOffset < range.start) return 'before-start';
  if (nextOffset > range.end) return 'past-end';
  if (known === null || nextOffset === range.start) return 'fits';
  const { topic, partition } = range;
  const before = { topic, partition, from: nextOffset - 1, to: nextOffset, batch: 1 };
  try {
    for await (const [record] of log.read(before)) {
      if (!record) continue;
      return lastDelivery(deliveryOf(record), record.timestamp) === known ? 'fits' : 'another-record';
    }
    return 'another-record';
  } catch (error) {
    // Retention has passed it meanwhile: there is nothing to compare any more.
    if (error instanceof OffsetOutOfRangeError && error.range.start >= nextOffset) return 'fits';
    throw error;
  }
}
