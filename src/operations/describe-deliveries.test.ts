import { zstdCompressSync } from 'node:zlib';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { openScratchDatabase, type ScratchDatabase } from '../database/scratch-database.fixture.ts';
import { describeDeliveries } from './describe-deliveries.ts';

let scratch: ScratchDatabase;
beforeAll(async () => {
  scratch = await openScratchDatabase();
}, 60_000);
afterAll(() => scratch[Symbol.asyncDispose]());

const time = '2026-01-01T00:00:00Z';
const labeled = (name: string, more: object = {}) =>
  Buffer.from(
    JSON.stringify({
      action: 'labeled',
      label: { name },
      issue: { number: 1, title: 't', html_url: 'u', created_at: time, updated_at: time },
      repository: { id: 1, full_name: 'acme/app' },
      ...more,
    }),
  );

const row = (nth: number, payload: Uint8Array | null, over: object = {}) => ({
  delivery_id: `d-${String(nth).padStart(3, '0')}`,
  repository_id: 1,
  number: 1,
  event: 'issues',
  action: 'labeled',
  rank: 2,
  received_at: new Date(Date.parse(time) + nth),
  status: 'applied' as const,
  origin: 'github' as const,
  correlation_id: 'c',
  topic: 'issues.raw',
  partition: 0,
  log_offset: nth,
  record_key: '1#1',
  payload: payload && zstdCompressSync(payload),
  ...over,
});

test('the newest deliveries of one issue say what they were about, as far as their payloads are there and small', async () => {
  const { queries } = scratch.database;
  await queries
    .insertInto('events')
    .values([
      ...Array.from({ length: 60 }, (_, nth) => row(nth, labeled(`label ${nth}`))),
      row(60, null),
      row(61, labeled('large', { padding: 'x'.repeat(600_000) })),
      row(62, labeled('of another issue'), { number: 2 }),
      row(63, labeled('a comment'), { event: 'issue_comment' }),
    ])
    .execute();
  const told = await describeDeliveries(queries, { repositoryId: 1, number: 1 });
  expect(told.get('d-059')).toBe('label 59');
  // The newest 50 are these: three without a sentence (60, 61, 63), and 59 down to 13.
  expect(told.size).toBe(47);
  expect(told.has('d-012')).toBe(false);
  expect(told.get('d-013')).toBe('label 13');
});
