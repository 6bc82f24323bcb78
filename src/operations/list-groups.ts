import { topics } from '../contracts/topics.ts';
import type { Database } from '../database/database.ts';
import { readPositions } from '../database/moved-positions.ts';
import { lagOf } from '../domain/consistency.ts';
import type { EventLog } from '../log/event-log.ts';

export interface ListedGroup {
  readonly group: string;
  readonly state: 'active' | 'empty';
  readonly members: readonly { readonly member: string; readonly partitions: number }[];
  readonly partitions: readonly {
    readonly topic: string;
    readonly partition: number;
    readonly start: number;
    readonly end: number;
    /** Next offset by the database; it decides. Null for a group that this database has no positions of. */
    readonly position: number | null;
    /** Next offset by the log; a mirror for lag tools. */
    readonly committed: number | null;
    readonly lag: number;
  }[];
}

/** The groups that read `issues.raw`, by the log and by the database. */
export async function listGroups({
  database,
  log,
  group: own,
}: {
  readonly database: Database;
  readonly log: EventLog;
  /** The group whose positions this database has. */
  readonly group: string;
}): Promise<readonly ListedGroup[]> {
  const [groups, ranges, positions] = await Promise.all([
    log.groups(),
    log.ranges(topics.raw),
    readPositions(database.queries, own),
  ]);
  const known = groups.some(({ group }) => group === own)
    ? groups
    : [{ group: own, state: 'empty' as const, members: [], committed: [] }, ...groups];
  return known.map(({ group, state, members, committed }) => ({
    group,
    state,
    members: members.map(({ member, partitions }) => ({ member, partitions: partitions.length })),
    partitions: ranges.map(({ topic, partition, start, end }) => {
      const isHere = (each: { readonly topic: string; readonly partition: number }) =>
        each.topic === topic && each.partition === partition;
      const position = group === own ? (positions.find(isHere)?.nextOffset ?? null) : null;
      const offset = committed.find(isHere)?.offset ?? null;
      return {
        topic,
        partition,
        start,
        end,
        position,
        committed: offset,
        lag: lagOf({ start, end }, position ?? offset),
      };
    }),
  }));
}
