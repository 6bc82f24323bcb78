import { setImmediate } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { topics } from '../../contracts/topics.ts';
import type { Clock } from '../../effects/clock.ts';
import { effects } from '../../effects/silent.fixture.ts';
import { all } from '../conformance/harness.ts';
import { BrokerFailure } from './broker-failure.ts';
import { cursorAt } from './cursor.ts';
import { LogReader } from './log-reader.ts';
import { defaultLimits } from './record-queue.ts';

const place = { topic: topics.enriched, partition: 0 };
const leader = { node: 1, host: 'broker', port: 1 };
const known = { id: 'id', name: 'enriched', leaders: [leader] };
const directory = {
  names: { [topics.enriched]: 'enriched' },
  topic: async () => known,
  known: async () => ({ topics: new Map([[topics.enriched, known]]) }),
};

interface Told {
  readonly highWatermark: bigint;
  readonly lastStableOffset: bigint;
  readonly records?: readonly object[];
}
const closed = { highWatermark: 10n, lastStableOffset: 10n };
/** A batch that covers the offsets and has no record: a marker, or what compaction left. */
const gap = (from: number, to: number) => ({
  firstOffset: BigInt(from),
  lastOffsetDelta: to - from,
  attributes: 0,
  producerId: -1n,
  records: [],
});

/** Reads from 5 to 10, where the broker has no record and says how far its log goes. */
async function read(ends: readonly Told[]) {
  let asked = 0;
  const callAs = async () => {
    const end = ends[Math.min(asked++, ends.length - 1)];
    const partition = { partitionIndex: 0, errorCode: 0, records: [], abortedTransactions: null, ...end };
    return { responses: [{ topicId: 'id', partitions: [partition] }] };
  };
  const client = { callAs, close: () => undefined };
  const options = { directory, offsets: {}, connect: () => client, ...effects };
  const cursor = cursorAt({ ...place, offset: 5 }, 10);
  const reader = new LogReader(options as never, [cursor], defaultLimits, new AbortController().signal);
  await all(reader.batches());
  return asked;
}

describe('a reader with an end', () => {
  it('does not pass over what lies behind an open transaction', async () => {
    await expect(read([{ highWatermark: 10n, lastStableOffset: 5n }])).rejects.toThrow(
      'issues.enriched/0 gives no record from 5 on, and goes to 10; a transaction of another producer is open there',
    );
  });

  it('waits for a transaction that ends soon, and reads past its marker', async () => {
    const open = { highWatermark: 10n, lastStableOffset: 5n };
    expect(await read([open, open, { ...closed, records: [gap(5, 9)] }])).toBe(3);
  });

  it('waits for a leader that does not know yet how far its log goes', async () => {
    const early = { highWatermark: 3n, lastStableOffset: 3n };
    expect(await read([early, early, { ...closed, records: [gap(5, 9)] }])).toBe(3);
  });

  it('ends with an error where no record comes, neither in silence nor never', async () => {
    await expect(read([{ highWatermark: 10n, lastStableOffset: 10n }])).rejects.toThrow(
      'issues.enriched/0 gives no record from 5 on, and goes to 10',
    );
  });
});

it('hands out what comes beside a partition that keeps failing, and fetches no more than there is room for', async () => {
  const led = { ...known, leaders: [leader, leader] };
  const ask = async () => ({ topics: new Map([[topics.enriched, led]]) });
  let next = 5;
  const callAs = async () => {
    const records = [{ offsetDelta: 0, timestampDelta: 0n, key: null, headers: [], value: Buffer.alloc(60) }];
    const good = { ...closed, partitionIndex: 1, errorCode: 0, abortedTransactions: null };
    const batch = { ...gap(next, next++), firstTimestamp: 0n, records };
    const response = {
      responses: [
        {
          topicId: 'id',
          partitions: [
            { partitionIndex: 0, errorCode: 5 },
            { ...good, records: [batch] },
          ],
        },
      ],
    };
    throw new BrokerFailure(Object.assign(new Error('LEADER_NOT_AVAILABLE'), { response }), true);
  };
  let sleeps = 0;
  // Time passes only while somebody waits for it, and not enough of it to lose patience.
  const clock: Clock = {
    ...effects.clock,
    monotonic: () => 0,
    sleep: () => {
      sleeps += 1;
      return setImmediate();
    },
  };
  const client = { callAs, close: () => undefined, reset: () => undefined };
  const options = { ...effects, clock, offsets: {}, connect: () => client };
  const cursors = [0, 1].map((partition) => cursorAt({ topic: topics.enriched, partition, offset: 5 }));
  const ended = new AbortController();
  const reader = new LogReader(
    { ...options, directory: { ...directory, topic: async () => led, known: ask, ask } } as never,
    cursors,
    { records: 500, bytes: 100 },
    ended.signal,
  );
  const batches = reader.batches();
  expect((await batches.next()).value).toMatchObject([{ partition: 1, offset: 5 }]);
  sleeps = 0;
  await expect.poll(() => sleeps).toBeGreaterThan(20);
  // Two fit beside the limit, and one was handed out.
  expect(next).toBeLessThanOrEqual(8);
  ended.abort();
  await batches.return();
});
