import type { Consistency } from '../contracts/health.ts';
import { topics } from '../contracts/topics.ts';
import { type ConsistencyRows, readConsistency } from '../database/consistency-reads.ts';
import type { Database } from '../database/database.ts';
import { judgeConsistency, lagOf } from '../domain/consistency.ts';
import type { EventLog, GroupDescription, LogIdentity, PartitionRange } from '../log/event-log.ts';

export interface CheckConsistency {
  readonly database: Database;
  readonly log: EventLog;
  /** The classifier's group; also the consumer of its positions. */
  readonly group: string;
}

/** Compares log, database and offsets as they are now. `missing` is counted beforehand (`countMissing`). */
export async function checkConsistency(
  { database, log, group }: CheckConsistency,
  missing: Consistency['missing'],
): Promise<Consistency> {
  const [rows, ranges, groups, identity] = await Promise.all([
    readConsistency(database.queries, group, topics.raw),
    log.ranges(topics.raw),
    log.groups(),
    log.identity(),
  ]);
  return judgeConsistency({
    database_records: rows.issues,
    partitions: ranges.map((range) =>
      describe(
        range,
        rows,
        groups.find((each) => each.group === group),
      ),
    ),
    pairing: pairingOf(rows, identity),
    failed: rows.failed,
    dead: rows.dead,
    missing,
    outbox: rows.outbox,
  });
}

function describe(range: PartitionRange, rows: ConsistencyRows, group: GroupDescription | undefined) {
  const { topic, partition, start, end } = range;
  const position = rows.positions.find((each) => each.partition === partition)?.nextOffset ?? null;
  const committed =
    group?.committed.find((each) => each.topic === topic && each.partition === partition)?.offset ?? null;
  return { topic, partition, start, end, position, committed, lag: lagOf(range, position) };
}

function pairingOf(rows: ConsistencyRows, identity: LogIdentity): Consistency['pairing'] {
  const { databaseId, clusterId } = rows;
  const status = clusterId === null ? 'unpaired' : clusterId === identity.clusterId ? 'paired' : 'mismatch';
  return { status, databaseId, clusterId, logClusterId: identity.clusterId };
}
