import type { LogRecord, ReadRange, TopicPartitionOffset } from '../event-log.ts';
import { cursorAt } from './cursor.ts';
import { LogReader, type ReaderOptions } from './log-reader.ts';
import { defaultLimits, type Limits } from './record-queue.ts';

/**
 * Reads on from the positions and waits for new records until `ended` fires.
 * @throws OffsetOutOfRangeError when a position lies outside its partition, also when retention overtakes it
 * @throws LogUnavailableError when the brokers cannot be read for a while, or a topic was made anew
 */
export async function* readOn(
  options: ReaderOptions,
  positions: readonly TopicPartitionOffset[],
  limits: Limits,
  ended: AbortSignal,
): AsyncGenerator<readonly LogRecord[], void> {
  if (ended.aborted) return;
  try {
    await options.offsets.assertInside(positions);
  } catch (error) {
    if (ended.aborted) return;
    throw error;
  }
  const cursors = positions.map((position) => cursorAt(position));
  yield* new LogReader(options, cursors, limits, ended).batches();
}

/** Reads until before `to` or the partition's end, then ends. Errors as `readOn`. */
export async function* readRange(
  options: ReaderOptions,
  { topic, partition, from, to, batch }: ReadRange,
  ended: AbortSignal,
): AsyncGenerator<readonly LogRecord[], void> {
  const position = { topic, partition, offset: from };
  const [range] = await options.offsets.assertInside([position]);
  const end = range?.end ?? from;
  const cursor = cursorAt(position, Math.min(to ?? end, end));
  if (cursor.next >= cursor.to) return;
  const limits = { ...defaultLimits, records: batch ?? defaultLimits.records };
  yield* new LogReader(options, [cursor], limits, ended).batches();
}
