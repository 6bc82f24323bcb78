import { PairingRecord, pairingKey, topics } from '../../contracts/topics.ts';
import type { Database } from '../../database/database.ts';
import { type LogReading, noteLogReading, readPairing, type StoredPairing } from '../../database/pairing.ts';
import type { PairingFacts } from '../../domain/pairing.ts';
import type { EventLog, LogIdentity, PartitionRange } from '../../log/event-log.ts';

export interface LookAtPairing {
  readonly database: Database;
  readonly log: EventLog;
  /** The classifier's group; also the consumer of its positions. */
  readonly group: string;
}

export interface PairingStanding {
  readonly facts: PairingFacts;
  readonly identity: LogIdentity;
  readonly finished: StoredPairing['finished'];
  readonly lastChoice: number;
}

/**
 * What database and log know of each other now. The log names its database in the ledger topic, which is read on from
 * where it was read to the last time; a new database reads it whole, once.
 */
export async function lookAtPairing({ database, log, group }: LookAtPairing): Promise<PairingStanding> {
  const stored = await readPairing(database.queries, group);
  const identity = await log.identity();
  const reading = await readOn(log, stored.reading, identity.topicIds[topics.deletions]);
  if (reading !== stored.reading) await noteLogReading(database.queries, reading);
  return {
    identity,
    finished: stored.finished,
    lastChoice: stored.lastChoice,
    facts: {
      databaseId: stored.databaseId,
      knownLog: stored.knownLog,
      hasHistory: stored.hasHistory,
      begun: stored.begun,
      log: identity,
      logNames: reading.names,
      // Only a database without a history has to ask.
      processedRecords: stored.hasHistory ? 0 : await countProcessed(log, group),
    },
  };
}

/** How many records the log holds of a topic, gaps included. */
export const countRecords = (ranges: readonly PartitionRange[]): number =>
  ranges.reduce((sum, { start, end }) => sum + end - start, 0);

async function readOn(log: EventLog, before: LogReading, topicId: string): Promise<LogReading> {
  const ranges = await log.ranges(topics.deletions);
  const isSame =
    before.topicId === topicId &&
    ranges.every(({ partition, end }) => (before.offsets[partition] ?? 0) <= end);
  const known = isSame ? before : { names: null, topicId, offsets: {} };
  let { names } = known;
  for (const { topic, partition, start, end } of ranges) {
    const from = Math.max(known.offsets[partition] ?? start, start);
    if (from >= end) continue;
    for await (const records of log.read({ topic, partition, from, to: end })) {
      for (const { key, value } of records) if (key === pairingKey) names = nameIn(value);
    }
  }
  const offsets = Object.fromEntries(ranges.map(({ partition, end }) => [partition, end]));
  const moved = ranges.some(({ partition, end }) => known.offsets[partition] !== end);
  return isSame && !moved ? before : { names, topicId, offsets };
}

/** A tombstone names nobody; what cannot be read was not written for this database. */
function nameIn(value: Uint8Array | null): string | null {
  if (value === null) return null;
  try {
    const text = Buffer.from(value.buffer, value.byteOffset, value.byteLength).toString();
    return PairingRecord.safeParse(JSON.parse(text)).data?.databaseId ?? 'unreadable';
  } catch (error) {
    if (error instanceof SyntaxError) return 'unreadable';
    throw error;
  }
}

async function countProcessed(log: EventLog, group: string): Promise<number> {
  const committed = (await log.groups()).find((each) => each.group === group)?.committed ?? [];
  if (committed.length === 0) return 0;
  const ranges = await log.ranges(topics.raw);
  return ranges.reduce((sum, { topic, partition, start, end }) => {
    const offset =
      committed.find((each) => each.topic === topic && each.partition === partition)?.offset ?? 0;
    return sum + Math.max(0, Math.min(offset, end) - start);
  }, 0);
}
