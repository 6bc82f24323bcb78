import { sql } from 'kysely';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { topics } from '../contracts/topics.ts';
import { openScratchDatabase, type ScratchDatabase } from '../database/scratch-database.fixture.ts';
import { storeIssues } from '../database/stored-issues.fixture.ts';
import { systemClock } from '../effects/clock.ts';
import { pruneEvents } from './prune-events.ts';

let scratch: ScratchDatabase;
beforeAll(async () => {
  scratch = await openScratchDatabase();
});
afterAll(() => scratch[Symbol.asyncDispose]());

const day = 86_400_000;
const now = Date.UTC(2026, 10, 1);
const held = '2026-01-01T00:00:00Z';

interface Stored {
  readonly id: string;
  readonly number?: number;
  readonly ageDays?: number;
  readonly offset?: number;
  readonly partition?: number;
  readonly status?: 'applied' | 'failed' | 'dead';
  readonly updatedAt?: string;
}

async function store(events: readonly Stored[]): Promise<void> {
  const rows = events.map((event, index) => ({
    delivery_id: event.id,
    repository_id: 1,
    number: event.number ?? 1,
    event: 'issues',
    action: 'edited',
    rank: 2,
    updated_at: event.updatedAt ?? '2025-12-31T00:00:00Z',
    received_at: new Date(now - (event.ageDays ?? 100) * day + index),
    status: event.status ?? 'applied',
    origin: 'github' as const,
    correlation_id: 'c',
    topic: topics.raw,
    partition: event.partition ?? 0,
    log_offset: event.offset ?? 0,
    record_key: '1#1',
  }));
  await scratch.database.queries.insertInto('events').values(rows).execute();
}

const left = async () =>
  (
    await scratch.database.queries.selectFrom('events').select('delivery_id').orderBy('delivery_id').execute()
  ).map((row) => row.delivery_id);

const prune = (start = 10) =>
  pruneEvents({
    queries: scratch.database.queries,
    clock: { ...systemClock, now: () => now },
    log: { ranges: async (topic) => [{ topic, partition: 0, start, end: 100 }] },
  });

it('removes only what is old, gone from the log, and not of the second that the issue holds', async () => {
  await storeIssues(scratch.database, [{ number: 1, updatedAt: held }]);
  await store([
    { id: 'old' },
    { id: 'old of an issue that is gone', number: 7 },
    { id: 'kept: young', ageDays: 89 },
    { id: 'kept: still in the log', offset: 10 },
    { id: 'kept: of a partition that the log does not name', partition: 1 },
    { id: 'kept: of the second that its issue holds', updatedAt: held },
    { id: 'kept: to be tried again', status: 'failed' },
    { id: 'kept: its dead letter is owed', status: 'dead' },
    { id: 'old, dead and published', status: 'dead' },
  ]);
  await sql`insert into outbox values ('issues.dead-letter', 'kept: its dead letter is owed', 1)`.execute(
    scratch.database.queries,
  );
  expect(await prune()).toEqual({ pruned: 3 });
  const kept = await left();
  expect(kept.every((id) => id.startsWith('kept'))).toBe(true);
  expect(kept).toHaveLength(6);
  expect(await prune()).toEqual({ pruned: 0 });
});

it('goes on behind rows that stay, slice by slice', async () => {
  await sql`truncate events`.execute(scratch.database.queries);
  const stay = Array.from({ length: 2_100 }, (_, n) => ({ id: `stay ${n}`, updatedAt: held, ageDays: 120 }));
  await store([...stay, { id: 'go' }]);
  expect(await prune()).toEqual({ pruned: 1 });
  expect(await left()).toHaveLength(2_100);
});
