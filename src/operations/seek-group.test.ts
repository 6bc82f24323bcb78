import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { topics } from '../contracts/topics.ts';
import { placePositions } from '../database/moved-positions.ts';
import { openScratchDatabase, type ScratchDatabase } from '../database/scratch-database.fixture.ts';
import type { SeekTarget } from '../domain/seek-target.ts';
import { listGroups } from './list-groups.ts';
import { emptyDatabase, group, openScratchLog, type ScratchLog } from './own-topics.fixture.ts';
import { type SeekGroup, seekGroup } from './seek-group.ts';

let scratch: ScratchDatabase;
beforeAll(async () => {
  scratch = await openScratchDatabase();
}, 60_000);
afterAll(() => scratch[Symbol.asyncDispose]());
beforeEach(() => emptyDatabase(scratch.database));

/** Ten records an hour apart in one partition, the group's position behind the fourth. */
async function openGroup() {
  const log = await openScratchLog();
  const record = { topic: topics.raw, key: '1#1', value: Buffer.from('{}'), headers: {} };
  const places = await log.append(
    Array.from({ length: 10 }, (_, hour) => ({ ...record, timestamp: Date.UTC(2026, 0, 1, hour) })),
  );
  const partition = places[0]?.partition ?? 0;
  const { topicIds } = await log.identity();
  const position = { topic: topics.raw, partition, topicId: topicIds[topics.raw], nextOffset: 4 };
  await placePositions(scratch.database.queries, group, [position]);
  const claim = (await held(partition))?.claim ?? 0;
  return { log, partition, claim, [Symbol.asyncDispose]: () => log[Symbol.asyncDispose]() };
}

const seek = (log: ScratchLog, to: SeekTarget, over: Partial<SeekGroup> = {}) =>
  seekGroup(
    { database: scratch.database, log, group },
    { to, partition: null, execute: true, by: 'me', why: 'a test', ...over },
  );
const held = (partition: number) =>
  scratch.database.queries
    .selectFrom('positions')
    .select(['next_offset', 'claim', 'last_delivery', 'mirrored_offset'])
    .where('consumer', '=', group)
    .where('partition', '=', partition)
    .executeTakeFirst();

test.each<[SeekTarget, number, number, number]>([
  [{ kind: 'start' }, 0, 4, 0],
  [{ kind: 'end' }, 10, 0, 6],
  [{ kind: 'offset', offset: 6 }, 6, 0, 2],
  [{ kind: 'time', time: Date.UTC(2026, 0, 1, 2, 30) }, 3, 1, 0],
  [{ kind: 'time', time: Date.UTC(2027, 0) }, 10, 0, 6],
])('moves position and committed offset together: %j', async (to, offset, again, skipped) => {
  await using opened = await openGroup();
  const { log, partition } = opened;
  const outcome = await seek(log, to, { partition });
  expect(outcome).toEqual({
    kind: 'moved',
    moves: [{ topic: topics.raw, partition, from: 4, to: offset, again, skipped }],
  });
  const after = await held(partition);
  expect(after?.claim).toBeGreaterThan(opened.claim);
  expect(after).toEqual({
    next_offset: offset,
    claim: expect.any(Number),
    last_delivery: null,
    mirrored_offset: offset,
  });
  const [listed] = await listGroups({ database: scratch.database, log, group });
  expect(listed?.partitions[partition]).toMatchObject({
    position: offset,
    committed: offset,
    lag: 10 - offset,
  });
  const audit = await scratch.database.queries
    .selectFrom('audit')
    .select(['actor', 'action', 'details'])
    .execute();
  expect(audit).toEqual([
    {
      actor: 'me',
      action: 'group moved',
      details: { group, why: 'a test', moves: [{ topic: topics.raw, partition, from: 4, to: offset }] },
    },
  ]);
});

test('shows what it would do, and does nothing', async () => {
  await using opened = await openGroup();
  const { log, partition } = opened;
  const outcome = await seek(log, { kind: 'start' }, { execute: false });
  expect(outcome).toMatchObject({ kind: 'planned', members: [] });
  expect(outcome.kind === 'planned' && outcome.moves).toHaveLength(3);
  expect(await held(partition)).toMatchObject({ next_offset: 4, claim: opened.claim });
});

test('refuses while the group is at work, and names who is', async () => {
  await using opened = await openGroup();
  const { log, partition } = opened;
  const membership = await log.join(group, [topics.raw]);
  const members = [expect.stringContaining(group)];
  expect(await seek(log, { kind: 'start' })).toEqual({ kind: 'active', members });
  expect(await seek(log, { kind: 'start' }, { execute: false })).toMatchObject({ kind: 'planned', members });
  expect(await held(partition)).toMatchObject({ next_offset: 4, claim: opened.claim });
  await membership.leave();
  expect(await seek(log, { kind: 'start' })).toMatchObject({ kind: 'moved' });
});

test('refuses a place that the log has not', async () => {
  await using opened = await openGroup();
  const { log, partition } = opened;
  expect(await seek(log, { kind: 'offset', offset: 11 }, { partition })).toMatchObject({ kind: 'refused' });
  expect(await seek(log, { kind: 'offset', offset: 5 })).toMatchObject({ kind: 'refused' });
  expect(await seek(log, { kind: 'start' }, { partition: 7 })).toMatchObject({ kind: 'refused' });
  expect(await held(partition)).toMatchObject({ next_offset: 4, claim: opened.claim });
});
