import { setImmediate as turn } from 'node:timers/promises';
import type { CleanupPolicy } from './cleanup-policy.ts';
import type { Partition } from './partition.ts';
import { cutoffs, retentionBound } from './retention.ts';
import type { Store } from './store.ts';

/** Records that a pass removed, by reason. */
export interface CleaningResult {
  readonly trimmed: number;
  readonly compacted: number;
  readonly tombstones: number;
}

export interface CleaningStep {
  readonly store: Store;
  readonly partition: Partition;
  readonly signal: AbortSignal;
}

/** Records that one step looks at or removes: a few milliseconds of the event loop. */
const stepRecords = 250;

/** Cleans one partition in steps, each a transaction, giving way to everybody else in between. */
export async function cleanPartition(
  step: CleaningStep,
  policy: CleanupPolicy,
  now: number,
  lowestCommitted: () => number | undefined,
): Promise<CleaningResult> {
  const { store, partition } = step;
  const { expired, tombstones } = cutoffs(policy, now);
  const cut = Math.max(await expiredBefore(step, expired), await oversizeBefore(step, policy));
  const bound = () => retentionBound(policy, { ...partition.range, lowestCommitted: lowestCommitted() });
  if (cut > partition.start && bound() > partition.start) {
    // Asked again inside the transaction: the steps above took turns, and a group may have been set back.
    store.transaction(() => partition.mark({ start: Math.max(partition.start, Math.min(cut, bound())) }));
  }
  return {
    trimmed: await discard(step),
    compacted: policy.compact ? await compact(step) : 0,
    tombstones: tombstones === undefined ? 0 : await dropTombstones(step, tombstones),
  };
}

/** Deletes what lies before the partition's start, also what an earlier pass left there. Returns how many. */
export async function discard({ store, partition, signal }: CleaningStep): Promise<number> {
  const { table } = partition;
  const remove = store.db.prepare(
    `delete from ${table} where o in (select o from ${table} where o < ? order by o limit ${stepRecords})`,
  );
  return await repeat(signal, () => {
    const any = store.db.prepare(`select 1 from ${table} where o < ? limit 1`).get(partition.start);
    if (any === undefined) return 0;
    return store.transaction(() => Number(remove.run(partition.start).changes));
  });
}

/** Keeps each key's last record of what has come since the last pass; the offsets of the others stay empty. */
async function compact({ store, partition, signal }: CleaningStep): Promise<number> {
  const { table } = partition;
  const superseded = store.db.prepare(
    `delete from ${table} where o in (
       select older.o from ${table} as newer cross join ${table} as older
       where newer.o >= ? and newer.o < ? and older.k = newer.k and older.o < newer.o)`,
  );
  const end = partition.next;
  let removed = 0;
  while (partition.compacted < end && !signal.aborted) {
    const from = partition.compacted;
    const to = stepEnd(store, partition, from, end);
    removed += store.transaction(() => {
      partition.mark({ compacted: to });
      return Number(superseded.run(from, to).changes);
    });
    await turn();
  }
  return removed;
}

/** Only in the compacted part, where a tombstone has nothing left to hide. */
async function dropTombstones({ store, partition, signal }: CleaningStep, before: number): Promise<number> {
  const { table } = partition;
  const found = `select o from ${table} where v is null and t < ? and o < ?`;
  const any = store.db.prepare(`${found} limit 1`);
  const remove = store.db.prepare(`delete from ${table} where o in (${found} limit ${stepRecords})`);
  return await repeat(signal, () => {
    if (any.get(before, partition.compacted) === undefined) return 0;
    return store.transaction(() => {
      partition.mark({});
      return Number(remove.run(before, partition.compacted).changes);
    });
  });
}

/** The first offset that time retention keeps: a younger record also keeps everything behind it, as in Kafka. */
async function expiredBefore(
  { store, partition, signal }: CleaningStep,
  cutoff: number | undefined,
): Promise<number> {
  let at = partition.start;
  if (cutoff === undefined) return at;
  const young = store.db.prepare(
    `select o from ${partition.table} where o >= ? and o < ? and t >= ? order by o limit 1`,
  );
  while (at < partition.next && !signal.aborted) {
    const to = stepEnd(store, partition, at, partition.next);
    const kept = young.get(at, to, cutoff);
    if (kept !== undefined) return Number(kept.o);
    at = to;
    await turn();
  }
  return at;
}

/** The first offset that size retention keeps; at least `retention.bytes` stay. */
async function oversizeBefore(
  { store, partition, signal }: CleaningStep,
  policy: CleanupPolicy,
): Promise<number> {
  const allowed = policy.delete?.retentionBytes;
  if (allowed === undefined) return partition.start;
  const sizes = store.db.prepare(
    `select min(o) as first, sum(bytes) as bytes from (
       select o, coalesce(length(v), 0) as bytes from ${partition.table}
       where o >= ? and o < ? order by o desc limit ${stepRecords})`,
  );
  let at = partition.next;
  let bytes = 0;
  while (at > partition.start && bytes < allowed && !signal.aborted) {
    const step = sizes.get(partition.start, at);
    if (step === undefined || step.first === null) return partition.start;
    at = Number(step.first);
    bytes += Number(step.bytes);
    await turn();
  }
  return bytes < allowed ? partition.start : at;
}

function stepEnd(store: Store, partition: Partition, from: number, end: number): number {
  const next = store.db
    .prepare(`select o from ${partition.table} where o >= ? order by o limit 1 offset ${stepRecords}`)
    .get(from);
  return next === undefined ? end : Math.min(end, Number(next.o));
}

async function repeat(signal: AbortSignal, step: () => number): Promise<number> {
  let total = 0;
  while (!signal.aborted) {
    const changed = step();
    if (changed === 0) break;
    total += changed;
    await turn();
  }
  return total;
}
