import { sql } from 'kysely';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { topics } from '../contracts/topics.ts';
import {
  type ClaimRequest,
  claimPositions,
  movePositions,
  type Position,
  rewindPositions,
} from './positions.ts';
import { openScratchDatabase, type ScratchDatabase } from './scratch-database.fixture.ts';

let scratch: ScratchDatabase;
beforeAll(async () => {
  scratch = await openScratchDatabase();
});
afterEach(() => sql`truncate positions`.execute(scratch.database.queries));
afterAll(() => scratch[Symbol.asyncDispose]());

const consumer = 'dispatchai-classifier';
const place = { topic: topics.raw, partition: 0 };

async function claim(partition: Partial<ClaimRequest['partitions'][number]> = {}): Promise<Position> {
  const request = {
    consumer,
    owner: 'a member/1',
    partitions: [{ ...place, topicId: 'first', start: 3, ...partition }],
  };
  const [claimed] = await scratch.database.transaction((transaction) => claimPositions(transaction, request));
  if (!claimed) throw new Error('nothing was claimed');
  return claimed;
}

const moveTo = (nextOffset: number) =>
  scratch.database.transaction((transaction) =>
    movePositions(transaction, consumer, [{ ...place, nextOffset, lastDelivery: 'the last one' }]),
  );

describe('a claimed position', () => {
  it('that is missing begins at the log’s start, or where it is said', async () => {
    expect(await claim()).toMatchObject({ nextOffset: 3, lastDelivery: null });
    expect(await claim({ partition: 1, first: 8 })).toMatchObject({ nextOffset: 8, lastDelivery: null });
  });

  it('that is there stays, with the delivery before it', async () => {
    await claim();
    await moveTo(5);
    expect(await claim({ start: 4, first: 9 })).toMatchObject({
      nextOffset: 5,
      lastDelivery: 'the last one',
    });
  });

  it('of another topic id begins at that log’s start, whatever is said of missing ones, and compares nothing', async () => {
    await claim();
    await moveTo(5);
    expect(await claim({ topicId: 'second', start: 1, first: 9 })).toMatchObject({
      nextOffset: 1,
      lastDelivery: null,
    });
    expect(await claim({ topicId: 'second', start: 1 })).toMatchObject({ nextOffset: 1 });
  });

  it('has a larger claim number each time, also when its row was lost, or put back, in between', async () => {
    const first = await claim();
    const second = await claim();
    await sql`truncate positions`.execute(scratch.database.queries);
    const third = await claim();
    await sql`update positions set claim = ${first.claim}::bigint`.execute(scratch.database.queries);
    const fourth = await claim();
    const claims = [first, second, third, fourth].map((position) => position.claim);
    expect(claims).toEqual([...new Set(claims)].sort((a, b) => a - b));
  });

  it('is set back by its claim only', async () => {
    const former = await claim();
    await moveTo(5);
    const present = await claim();
    const rewind = (position: Position) =>
      scratch.database.transaction((transaction) =>
        rewindPositions(transaction, consumer, [{ ...position, start: 0 }]),
      );
    await rewind(former);
    expect(await claim()).toMatchObject({ nextOffset: 5, lastDelivery: 'the last one' });
    await rewind(present);
    expect(await claim()).toMatchObject({ nextOffset: 5 });
    await rewind(await claim());
    expect(await claim()).toMatchObject({ nextOffset: 0, lastDelivery: null });
  });
});
