import { sql } from 'kysely';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { claimPositions, movePositions, type Position } from '../../database/positions.ts';
import { openScratchDatabase, type ScratchDatabase } from '../../database/scratch-database.fixture.ts';
import { effects } from '../../effects/silent.fixture.ts';
import type { EventLog } from '../../log/event-log.ts';
import { Progress } from './progress.ts';
import { watchPositions } from './watch-positions.ts';

let scratch: ScratchDatabase;
beforeAll(async () => {
  scratch = await openScratchDatabase();
}, 60_000);
afterAll(() => scratch[Symbol.asyncDispose]());

const consumer = 'dispatchai-classifier';
const topic = 'issues.raw';

/** Claims a partition and moves it to offset 5; the watch looks once after what happens to the row. */
async function look(
  happens: (position: Position) => Promise<unknown>,
  { end = 5, paired = true } = {},
): Promise<boolean> {
  const { database } = scratch;
  await sql`truncate positions`.execute(database.queries);
  const [claimed] = await database.transaction((transaction) =>
    claimPositions(transaction, {
      consumer,
      owner: 'test',
      partitions: [{ topic, partition: 0, topicId: 'one', start: 0 }],
    }),
  );
  if (!claimed) throw new Error('nothing was claimed');
  const moved = { topic, partition: 0, nextOffset: 5, lastDelivery: null } as const;
  await database.transaction((transaction) => movePositions(transaction, consumer, [moved]));
  const progress = new Progress([claimed]);
  progress.moved([moved]);
  await happens(claimed);
  const ended = new AbortController();
  let looks = 0;
  const clock = {
    ...effects.clock,
    sleep: async () => {
      looks += 1;
      if (looks > 1) ended.abort();
    },
  };
  const log = {
    ranges: async () => [{ topic, partition: 0, start: 0, end }],
  } satisfies Partial<EventLog> as unknown as EventLog;
  const stores = { database, log, consumer, isPaired: async () => paired };
  return await watchPositions(stores, progress, { ...effects, clock }, ended.signal);
}

const queries = () => scratch.database.queries;

test('a position as it was left fits', async () => {
  expect(await look(async () => undefined)).toBe(true);
});

test('a row that is gone, of another claim, or before what was committed is an older one', async () => {
  expect(await look(() => sql`delete from positions`.execute(queries()))).toBe(false);
  expect(await look(() => sql`update positions set claim = claim - 1`.execute(queries()))).toBe(false);
  expect(await look(() => sql`update positions set next_offset = 4`.execute(queries()))).toBe(false);
});

test('a log that ends before a position is not the one that was read', async () => {
  expect(await look(async () => undefined, { end: 4 })).toBe(false);
});

test('a log that names another database by now is no longer worked on', async () => {
  expect(await look(async () => undefined, { paired: false })).toBe(false);
});
