import { type TopicName, topics } from '../contracts/topics.ts';
import type { Database } from '../database/database.ts';
import { placePositions, readPositions } from '../database/moved-positions.ts';
import type { SeekTarget } from '../domain/seek-target.ts';
import type { EventLog, PartitionRange } from '../log/event-log.ts';

export interface SeekGroup {
  readonly to: SeekTarget;
  /** Only this one; all when null. */
  readonly partition: number | null;
  /** Does it; shows it first when false. */
  readonly execute: boolean;
  readonly by: string;
  /** For the audit. */
  readonly why: string;
}

export interface PlannedSeek {
  readonly topic: TopicName;
  readonly partition: number;
  /** Null when the group has no position there. */
  readonly from: number | null;
  readonly to: number;
  /** Records that are read again; known deliveries among them drop out. */
  readonly again: number;
  /** Records that are passed over without being processed. */
  readonly skipped: number;
}

export type SeekOutcome =
  /** Nothing was changed; the members that would have to stop first are named. */
  | { readonly kind: 'planned'; readonly moves: readonly PlannedSeek[]; readonly members: readonly string[] }
  | { readonly kind: 'moved'; readonly moves: readonly PlannedSeek[] }
  /** The group is at work; nothing was changed. */
  | { readonly kind: 'active'; readonly members: readonly string[] }
  | { readonly kind: 'refused'; readonly reason: string };

export interface SeekContext {
  readonly database: Database;
  readonly log: EventLog;
  readonly group: string;
}

/**
 * Moves the group's positions in the database, and the offsets that mirror them in the log. The log is asked first: it
 * refuses while the group has members, and a member that joins right after it finds its claim outdated.
 */
export async function seekGroup(context: SeekContext, request: SeekGroup): Promise<SeekOutcome> {
  const { database, log, group } = context;
  const planned = await plan(context, request);
  if ('reason' in planned) return { kind: 'refused', reason: planned.reason };
  const { moves } = planned;
  if (!request.execute) return { kind: 'planned', moves, members: await membersOf(context) };
  const offsets = moves.map(({ topic, partition, to }) => ({ topic, partition, offset: to }));
  if ((await log.setGroupOffsets(group, offsets)) === 'active') {
    return { kind: 'active', members: await membersOf(context) };
  }
  const { topicIds } = await log.identity();
  await database.transaction(async (transaction) => {
    await placePositions(
      transaction,
      group,
      moves.map(({ topic, partition, to }) => ({
        topic,
        partition,
        topicId: topicIds[topic],
        nextOffset: to,
      })),
    );
    const audited = moves.map(({ topic, partition, from, to }) => ({ topic, partition, from, to }));
    await transaction
      .insertInto('audit')
      .values({
        actor: request.by,
        action: 'group moved',
        details: JSON.stringify({ group, why: request.why, moves: audited }),
      })
      .execute();
  });
  return { kind: 'moved', moves };
}

async function plan(
  { database, log, group }: SeekContext,
  { to, partition }: SeekGroup,
): Promise<{ readonly moves: readonly PlannedSeek[] } | { readonly reason: string }> {
  const all = await log.ranges(topics.raw);
  const ranges = all.filter((range) => partition === null || range.partition === partition);
  if (ranges.length === 0) return { reason: `${topics.raw} has no partition ${partition}` };
  if (to.kind === 'offset') {
    const outside = ranges.find(({ start, end }) => to.offset < start || to.offset > end);
    if (outside) {
      const { topic, start, end } = outside;
      return { reason: `${topic}/${outside.partition} has the offsets ${start} to ${end}, not ${to.offset}` };
    }
  }
  const targets = await targetsOf(log, to, ranges);
  const positions = await readPositions(database.queries, group);
  return {
    moves: ranges.map((range, index) => {
      const { topic, start } = range;
      const found = positions.find((each) => each.topic === topic && each.partition === range.partition);
      const target = targets[index] ?? range.end;
      const from = Math.max(found?.nextOffset ?? start, start);
      return {
        topic,
        partition: range.partition,
        from: found?.nextOffset ?? null,
        to: target,
        again: Math.max(0, Math.min(from, range.end) - target),
        skipped: Math.max(0, target - from),
      };
    }),
  };
}

async function targetsOf(
  log: EventLog,
  to: SeekTarget,
  ranges: readonly PartitionRange[],
): Promise<readonly number[]> {
  switch (to.kind) {
    case 'start':
      return ranges.map(({ start }) => start);
    case 'end':
      return ranges.map(({ end }) => end);
    case 'offset':
      return ranges.map(() => to.offset);
    case 'time': {
      const found = await log.offsetsAt(topics.raw, to.time);
      return ranges.map(
        ({ partition, end }) => found.find((each) => each.partition === partition)?.offset ?? end,
      );
    }
  }
}

async function membersOf({ log, group }: SeekContext): Promise<readonly string[]> {
  const found = (await log.groups()).find((each) => each.group === group);
  return found?.members.map(({ member }) => member) ?? [];
}
