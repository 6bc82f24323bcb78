import { formatKey } from '../../../src/contracts/issue.ts';
import { RawHeaders } from '../../../src/contracts/topics.ts';
import { rowOfState } from '../../../src/database/issue-state.ts';
import { foldRegisters } from '../../../src/domain/fold-registers.ts';
import type { IssueEvent } from '../../../src/domain/issue-event.ts';
import { readEvent } from '../../../src/github/read-event.ts';
import { wholeCopy } from '../mutations/apply-mutation.ts';
import type { World } from '../world.ts';
import type { EventRow, StoredRows } from './stored-rows.ts';

// The fold itself is the oracle of states, so it is a copy that no mutation touches.
const foldUrl = new URL(`../../../src/domain/fold-events.ts${wholeCopy}`, import.meta.url).href;
const { foldEvents } = (await import(foldUrl)) as typeof import('../../../src/domain/fold-events.ts');

const folded = new Set(['applied', 'unchanged', 'stale', 'refused']);
const instants = new Set(['created_at', 'updated_at', 'closed_at']);

/** The event that a delivery was, at the time when it was first received. */
function eventOf({ journal }: World, row: EventRow): IssueEvent | null {
  const delivery = journal.deliveries.get(row.delivery_id);
  if (!delivery) return null;
  const headers = RawHeaders.parse({
    ...delivery.headers,
    'delivery-id': row.delivery_id,
    issue: '',
    'correlation-id': '',
    'received-at': String(row.received_at),
    origin: 'github',
  });
  const read = readEvent(headers, delivery.value);
  return read.kind === 'event' ? read.event : null;
}

/** The last moment that the ledger bars, by hand: GitHub's word bars everything. */
function barrierOf(key: string, events: readonly IssueEvent[], rows: StoredRows): number {
  if (events.some(({ change }) => change.field === 'deletion')) return Number.POSITIVE_INFINITY;
  const row = rows.ledger.get(key);
  return row ? Math.max(row.deleted_at, row.state_updated_at ?? 0) : Number.NEGATIVE_INFINITY;
}

/**
 * An issue's state is the fold of its stored events, whatever their order was; what was deleted is not back. Of an issue whose
 * row somebody deleted behind the program's back only this is asked: that no older event brought it back.
 */
export function checkStates(world: World, rows: StoredRows): readonly string[] {
  const events = rows.events.filter(({ status }) => folded.has(status));
  const byKey = byIssue(world, events);
  const passed = byIssue(
    world,
    events.filter(({ status }) => status !== 'refused'),
  );
  const problems: string[] = [];
  for (const [key, all] of byKey) {
    const barrier = barrierOf(key, all, rows);
    const living = all.filter(({ second }) => second > barrier);
    const issue = rows.issues.get(key);
    if (living.length === 0) {
      if (issue) problems.push(`${key} was deleted and is back`);
      continue;
    }
    if (!issue) {
      if (!world.journal.lost.has(key)) problems.push(`${key} has events and no row`);
      continue;
    }
    const expected = foldEvents({ held: null, ledger: null, stored: [] }, living.toSorted(byFacts));
    if (expected.outcome !== 'changed') throw new Error(`the fold of ${key} is ${expected.outcome}`);
    // Pins and comments have an order of their own, which no deletion by a person breaks.
    const { pinned, guards } = foldRegisters(null, passed.get(key) ?? []);
    const state = { ...expected.issue.state, pinned, comments: guards.comments[2] };
    for (const [column, value] of Object.entries(rowOfState(state))) {
      // The topic gave back a pin or a comment whose event the ledger refuses when it comes again.
      const isRegister = column === 'pinned' || column === 'comments';
      if (isRegister && world.journal.databaseLost && rows.ledger.has(key)) continue;
      if (!isSame(column, value, issue.state[column])) {
        problems.push(`${key}: ${column} is ${show(issue.state[column])}, its events say ${show(value)}`);
      }
    }
  }
  for (const key of rows.issues.keys()) if (!byKey.has(key)) problems.push(`${key} has a row and no event`);
  return problems;
}

/** The order of facts, said again: what the program thinks of it must not decide what is expected. */
const byFacts = (a: IssueEvent, b: IssueEvent): number =>
  a.second - b.second ||
  a.rank - b.rank ||
  a.receivedAt - b.receivedAt ||
  (a.deliveryId < b.deliveryId ? -1 : 1);

const byIssue = (world: World, rows: readonly EventRow[]): ReadonlyMap<string, readonly IssueEvent[]> =>
  Map.groupBy(
    rows.flatMap((row) => eventOf(world, row) ?? []),
    ({ key }) => formatKey(key),
  );

function isSame(column: string, expected: unknown, found: unknown): boolean {
  if (instants.has(column) && typeof expected === 'string' && typeof found === 'string') {
    return Date.parse(expected) === Date.parse(found);
  }
  return show(expected) === show(found);
}

const show = (value: unknown): string => JSON.stringify(value ?? null);
