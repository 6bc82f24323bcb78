import type { LogRecord, TopicPartitionOffset } from '../../../src/log/event-log.ts';
import type { SimulatedProcess } from '../engine/simulated-process.ts';
import type { SimulatedBroker } from './simulated-broker.ts';

interface Reading {
  readonly process: SimulatedProcess;
  readonly broker: SimulatedBroker;
  readonly positions: readonly TopicPartitionOffset[];
  readonly ended: () => boolean;
  readonly limits: () => { readonly records: number; readonly bytes: number };
  /** Whether this request fails. */
  readonly fails: () => Error | null;
}

/** Reads on from the positions and waits for new records until `ended`. A recreated topic ends it with an error. */
export async function* readOn(reading: Reading): AsyncGenerator<readonly LogRecord[], void> {
  const { process, broker, ended } = reading;
  const cursors = reading.positions.map((position) => ({
    ...position,
    topicId: broker.topicId(position.topic),
  }));
  const isRecreated = (cursor: (typeof cursors)[number]) => broker.topicId(cursor.topic) !== cursor.topicId;
  const hasNews = () =>
    cursors.some((cursor) => {
      if (isRecreated(cursor)) return true;
      const { start, end } = broker.partition(cursor);
      return cursor.offset < start || cursor.offset > end || cursor.offset < end;
    });
  const poll = () => {
    if (ended()) return [];
    const failure = reading.fails();
    if (failure) throw failure;
    const batch: LogRecord[] = [];
    const { records, bytes } = reading.limits();
    let left = bytes;
    for (const cursor of cursors) {
      if (isRecreated(cursor)) throw new Error(`${cursor.topic} has another id than when reading began`);
      const partition = broker.partition(cursor);
      partition.assertInside(cursor.offset);
      if (batch.length >= records || (batch.length > 0 && left <= 0)) continue;
      const limits = { records: records - batch.length, bytes: left };
      const found = partition.slice(cursor.offset, partition.end, limits);
      if (batch.length > 0 && found.reduce((sum, one) => sum + (one.value?.byteLength ?? 0), 0) > left)
        continue;
      cursor.offset = (found.at(-1)?.offset ?? partition.end - 1) + 1;
      left -= found.reduce((sum, one) => sum + (one.value?.byteLength ?? 0), 0);
      batch.push(...found);
    }
    cursors.push(...cursors.splice(0, 1));
    return batch;
  };
  while (!ended()) {
    const describe = (batch: readonly LogRecord[]) =>
      batch.map(({ topic, partition, offset }) => `${topic}/${partition}@${offset}`).join(' ');
    const batch = await process.call('poll', poll, { when: () => ended() || hasNews(), describe });
    if (ended()) return;
    if (batch.length > 0) yield batch;
  }
}
