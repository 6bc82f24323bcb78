import { sql } from 'kysely';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { topics } from '../contracts/topics.ts';
import type { EventStatus } from '../domain/event-status.ts';
import { readEventsOfSecond } from './intake-reads.ts';
import { type EventRow, insertEvents } from './intake-writes.ts';
import { openScratchDatabase, type ScratchDatabase } from './scratch-database.fixture.ts';

let scratch: ScratchDatabase;
beforeAll(async () => {
  scratch = await openScratchDatabase();
});
afterEach(() => sql`truncate events`.execute(scratch.database.queries));
afterAll(() => scratch[Symbol.asyncDispose]());

const key = { repositoryId: 1, number: 1 };
const noon = '2026-03-01T12:00:00Z';
const later = '2026-03-01T12:00:09Z';
const statuses: readonly EventStatus[] = ['applied', 'unchanged', 'stale', 'refused', 'failed', 'dead'];

const event = (status: EventStatus, updatedAt: string, over: Partial<EventRow> = {}): EventRow => ({
  delivery_id: `${status} at ${updatedAt}`,
  repository_id: key.repositoryId,
  number: key.number,
  event: 'issues',
  action: 'edited',
  updated_at: updatedAt,
  rank: 2,
  received_at: noon,
  status,
  reason: null,
  origin: 'github',
  actor: null,
  correlation_id: '',
  topic: topics.raw,
  partition: 0,
  log_offset: 0,
  record_key: '1#1',
  payload: Buffer.from('{}').toString('base64'),
  failed: null,
  ...over,
});

async function read(second: string | null): Promise<readonly string[]> {
  const rows = await readEventsOfSecond(scratch.database.queries, [{ ...key, second }]);
  return rows.map((row) => row.delivery_id).sort();
}

test('of a second, what failed, is dead, was refused or has no payload any more is no part', async () => {
  await insertEvents(scratch.database.queries, [
    ...statuses.map((status) => event(status, noon)),
    event('applied', noon, { delivery_id: 'forgotten', payload: null }),
    event('applied', noon, { delivery_id: 'of another issue', number: 2 }),
    event('applied', later),
  ]);
  expect(await read(noon)).toEqual([`applied at ${noon}`, `stale at ${noon}`, `unchanged at ${noon}`]);
});

test('without a row the newest second counts that has an event of any state', async () => {
  await insertEvents(scratch.database.queries, [
    event('applied', '2026-03-01T11:59:59Z'),
    event('applied', noon),
    ...(['refused', 'failed', 'dead'] as const).map((status) => event(status, later)),
  ]);
  expect(await read(null)).toEqual([`applied at ${noon}`]);
});
