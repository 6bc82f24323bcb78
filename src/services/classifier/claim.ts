import type { Database } from '../../database/database.ts';
import { type FoundDatabase, isAsFound } from '../../database/pairing.ts';
import { claimPositions, type Position, rewindPositions } from '../../database/positions.ts';
import type { EventLog, Generation, PartitionRange } from '../../log/event-log.ts';
import { comparePositions } from './compare-positions.ts';

/** Where a partition begins that this consumer has no position of: the log's start or end, or the first record since
 * a time in milliseconds. */
export type Begin = 'start' | 'end' | number;

export type Claimed =
  | {
      readonly kind: 'claimed';
      readonly positions: readonly Position[];
      /** Partitions whose position did not fit the log and was set to its start, each with why. */
      readonly rewound: readonly string[];
    }
  /** Retention has removed records that were never processed: an operator decides, nothing jumps. */
  | { readonly kind: 'overtaken'; readonly reason: string }
  /** The database is another one, or has lost its history, since it was found to belong to the log: nothing was claimed. */
  | { readonly kind: 'unsettled' };

export interface ClaimStores {
  readonly database: Database;
  readonly log: EventLog;
  readonly consumer: string;
  /** `start` when absent. */
  readonly begin?: Begin | undefined;
}

/** Claims a generation's partitions in the database, which fences whoever held them before. */
export async function claim(
  { database, log, consumer, begin = 'start' }: ClaimStores,
  generation: Generation,
  found: FoundDatabase,
): Promise<Claimed> {
  const identity = await log.identity();
  const topics = [...new Set(generation.partitions.map((each) => each.topic))];
  const ranges = (await Promise.all(topics.map((topic) => log.ranges(topic)))).flat();
  const held = ranges.filter((range) =>
    generation.partitions.some((each) => each.topic === range.topic && each.partition === range.partition),
  );
  const first = await firstOffsets(log, held, begin);
  const positions = await database.transaction(async (transaction) => {
    if (!(await isAsFound(transaction, consumer, found))) return null;
    return await claimPositions(transaction, {
      consumer,
      owner: `${generation.member}/${generation.id}`,
      partitions: held.map((range, index) => ({
        ...range,
        topicId: identity.topicIds[range.topic],
        first: first[index] ?? range.start,
      })),
    });
  });
  if (positions === null) return { kind: 'unsettled' };
  // Under the claim nobody else moves them, so that the log can be read without a transaction.
  const compared = await comparePositions(log, positions);
  const overtaken = compared.filter(({ verdict }) => verdict === 'before-start');
  if (overtaken.length > 0) {
    const gone = overtaken.map(
      ({ position, range }) =>
        `${range.start - position.nextOffset} records of ${range.topic}/${range.partition}`,
    );
    return {
      kind: 'overtaken',
      reason: `retention removed ${gone.join(', ')} before they were processed`,
    };
  }
  const rewound = compared.filter(({ verdict }) => verdict !== 'fits');
  if (rewound.length > 0) {
    const rows = rewound.map(({ position, range }) => ({ ...position, start: range.start }));
    await database.transaction((transaction) => rewindPositions(transaction, consumer, rows));
  }
  return {
    kind: 'claimed',
    positions: compared.map(({ position, range, verdict }) =>
      verdict === 'fits' ? position : { ...position, nextOffset: range.start, lastDelivery: null },
    ),
    rewound: rewound.map(({ range, verdict }) => `${range.topic}/${range.partition}: ${verdict}`),
  };
}

async function firstOffsets(
  log: EventLog,
  ranges: readonly PartitionRange[],
  begin: Begin,
): Promise<readonly number[]> {
  if (begin === 'start') return ranges.map(({ start }) => start);
  if (begin === 'end') return ranges.map(({ end }) => end);
  const topics = [...new Set(ranges.map(({ topic }) => topic))];
  const found = (await Promise.all(topics.map((topic) => log.offsetsAt(topic, begin)))).flat();
  return ranges.map(
    ({ topic, partition, end }) =>
      found.find((each) => each.topic === topic && each.partition === partition)?.offset ?? end,
  );
}
