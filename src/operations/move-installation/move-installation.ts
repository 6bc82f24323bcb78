import type { Clock } from '../../effects/clock.ts';
import { copyTables } from './copy-tables.ts';
import { copyTopics } from './copy-topics.ts';
import { findObstacles } from './find-obstacles.ts';
import type { InstallationStores } from './installation-stores.ts';
import { measureTopics } from './measure-topics.ts';
import type { MovePlan } from './move-plan.ts';
import type { MoveOptions } from './move-progress.ts';
import { measureTables, noteBegun, readDatabaseId, readPositions, writeArrival } from './move-rows.ts';

export interface Move {
  /** Nothing else may use it meanwhile; the lock of an embedded installation sees to that. It is only read. */
  readonly from: InstallationStores;
  /** Empty, with topics and schema; no service may run on it yet. */
  readonly to: InstallationStores;
  readonly clock: Clock;
}

export type MoveOutcome =
  | { readonly kind: 'moved'; readonly plan: MovePlan }
  /** Nothing was written. */
  | { readonly kind: 'refused'; readonly plan: MovePlan }
  /** The target's topics hold a part and its database nothing: it has to be emptied before the next try. */
  | { readonly kind: 'interrupted' };

/** What a move would copy, and what stands in its way. Reads the source's log once, and writes nothing. */
export async function planMove({ from, to, clock }: Move): Promise<MovePlan> {
  const positions = await readPositions(from.database.queries);
  const partitions = await measureTopics(from.log, to.log, positions, clock.now());
  const [tables, obstacles] = await Promise.all([
    measureTables(from.database.queries),
    findObstacles({ from, to }, partitions),
  ]);
  return { partitions, tables, obstacles };
}

/**
 * Copies an installation to other stores through the ports: the records of its topics in order, then, in one
 * transaction, its tables and positions, so that the target's database has everything or nothing. What was processed
 * is known there; what was accepted and not yet processed is processed there.
 * @throws MoveFailedError when something else writes to the target meanwhile
 */
export async function moveInstallation(move: Move, options: MoveOptions): Promise<MoveOutcome> {
  const plan = await planMove(move);
  if (plan.obstacles.length > 0) return { kind: 'refused', plan };
  const { from, to } = move;
  const { actor, signal } = options;
  const positions = await readPositions(from.database.queries);
  const details = { from: await readDatabaseId(from.database.queries), ...totals(plan) };
  await noteBegun(to.database.queries, actor, details);
  const carried = await copyTopics({ from: from.log, to: to.log }, plan, positions, options);
  if (signal.aborted) return { kind: 'interrupted' };
  const identity = await to.log.identity();
  try {
    await to.database.transaction(async (transaction) => {
      await copyTables({ from: from.database.queries, to: transaction }, plan, options);
      signal.throwIfAborted();
      await writeArrival(transaction, { positions: carried, identity, actor, details });
    });
  } catch (error) {
    if (signal.aborted) return { kind: 'interrupted' };
    throw error;
  }
  return { kind: 'moved', plan };
}

function totals({ partitions, tables }: MovePlan) {
  const sum = (numbers: readonly number[]) => numbers.reduce((total, each) => total + each, 0);
  return {
    records: sum(partitions.map((each) => each.records)),
    expired: sum(partitions.map((each) => each.expired)),
    waiting: sum(partitions.map((each) => each.waiting)),
    rows: Object.fromEntries(tables.map(({ table, rows }) => [table, rows])),
  };
}
