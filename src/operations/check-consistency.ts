import type { Consistency } from '../contracts/health.ts';
import { topics } from '../contracts/topics.ts';
import { type ConsistencyRows, readConsistency } from '../database/consistency-reads.ts';
import type { Database } from '../database/database.ts';
import { judgeConsistency, lagOf } from '../domain/consistency.ts';
import { decidePairing } from '../domain/pairing.ts';
import { reportPairing } from '../domain/pairing-report.ts';
import type { EventLog, GroupDescription, PartitionRange } from '../log/event-log.ts';
import { countRecords, lookAtPairing, type PairingStanding } from './pair-log/look-at-pairing.ts';

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
  // Offsets before positions: a position that moves meanwhile is then ahead of its mirror, which is usual.
  const groups = await log.groups();
  const [rows, ranges, standing] = await Promise.all([
    readConsistency(database.queries, group, topics.raw),
    log.ranges(topics.raw),
    lookAtPairing({ database, log, group }),
  ]);
  const described = groups.find((each) => each.group === group);
  return judgeConsistency({
    database_records: rows.issues,
    partitions: ranges.map((range) => describe(range, rows, described)),
    pairing: pairingOf(standing, countRecords(ranges)),
    failed: rows.failed,
    dead: rows.dead,
    missing,
    outbox: rows.outbox,
    group,
    mirrors: rows.positions,
  });
}

function describe(range: PartitionRange, rows: ConsistencyRows, group: GroupDescription | undefined) {
  const { topic, partition, start, end } = range;
  const position = rows.positions.find((each) => each.partition === partition)?.nextOffset ?? null;
  const committed =
    group?.committed.find((each) => each.topic === topic && each.partition === partition)?.offset ?? null;
  return { topic, partition, start, end, position, committed, lag: lagOf(range, position) };
}

function pairingOf({ facts, finished }: PairingStanding, records: number): Consistency['pairing'] {
  const { status, reason, choices } = reportPairing(facts, decidePairing(facts), records);
  return {
    status,
    databaseId: facts.databaseId,
    clusterId: facts.knownLog?.clusterId ?? null,
    logClusterId: facts.log.clusterId,
    logDatabaseId: facts.logNames,
    reason,
    choices: [...choices],
    chosen: finished,
  };
}
