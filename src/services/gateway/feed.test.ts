import { sql } from 'kysely';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { topics } from '../../contracts/topics.ts';
import { openScratchDatabase, type ScratchDatabase } from '../../database/scratch-database.fixture.ts';
import { storeIssues } from '../../database/stored-issues.fixture.ts';
import { encodeFeedCursor } from '../../domain/feed-cursor.ts';
import { openGateway } from './gateway.fixture.ts';

let scratch: ScratchDatabase;
beforeAll(async () => {
  scratch = await openScratchDatabase();
}, 60_000);
afterAll(() => scratch[Symbol.asyncDispose]());

const shown = (messages: readonly { type: string }[]) => messages.filter(({ type }) => type !== 'status');

test('a client without a cursor begins now and gets each issue as the list shows it', async () => {
  await using gateway = await openGateway(scratch);
  await storeIssues(scratch.database, [{ number: 1 }]);
  await gateway.publish();
  await expect.poll(() => gateway.gateway.readiness().ready).toBe(true);
  const early = await gateway.connect();
  await early.next('hello');
  await storeIssues(scratch.database, [{ number: 2, body: 'never sent' }]);
  await gateway.publish();
  const message = await early.next('issue');
  const [listed] = (await gateway.list()).issues.filter(({ number }) => number === 2);
  expect(message.issue).toEqual(listed);
  expect(JSON.stringify(message)).not.toContain('never sent');
});

test('a deletion goes over the feed, and the list names it, so a late message brings nothing back', async () => {
  await using gateway = await openGateway(scratch);
  await storeIssues(scratch.database, [{ number: 1 }]);
  await gateway.publish();
  const client = await gateway.connect();
  await client.next('hello');
  await gateway.send('DELETE', '/api/issues/acme/app/1');
  const late = (await gateway.list()).deleted[0];
  await gateway.publish();
  const { type: _, cursor: __, ...message } = await client.next('deleted');
  expect(message).toEqual(late);
});

test('a client that comes back misses nothing and repeats nothing', async () => {
  await using gateway = await openGateway(scratch);
  const client = await gateway.connect();
  await client.next('hello');
  await storeIssues(scratch.database, [{ number: 1 }, { number: 2 }]);
  await gateway.publish();
  await client.next('issue');
  const { cursor } = await client.next('issue');
  client.close();
  await storeIssues(scratch.database, [{ number: 3 }, { number: 4 }, { number: 5 }]);
  await gateway.publish();
  const back = await gateway.connect(`?cursor=${cursor}`);
  const numbers = [await back.next('issue'), await back.next('issue'), await back.next('issue')];
  expect(numbers.map(({ issue }) => issue.number).sort()).toEqual([3, 4, 5]);
  expect(shown(back.messages)).toHaveLength(4);
});

test('any instance places a cursor that another one gave out', async () => {
  await using gateway = await openGateway(scratch);
  const client = await gateway.connect();
  await client.next('hello');
  await storeIssues(scratch.database, [{ number: 1 }]);
  await gateway.publish();
  const { cursor } = await client.next('issue');
  const second = await gateway.start();
  const elsewhere = await gateway.connect(`?cursor=${cursor}`, second);
  await elsewhere.next('hello');
  await storeIssues(scratch.database, [{ number: 2 }]);
  await gateway.publish();
  expect((await elsewhere.next('issue')).issue.number).toBe(2);
  expect(shown(elsewhere.messages)).toHaveLength(2);
});

test('an instance that read the partitions in another order repeats nothing that the cursor has seen', async () => {
  await using gateway = await openGateway(scratch);
  const client = await gateway.connect();
  await client.next('hello');
  const upTo = async (first: number, last: number) => {
    await storeIssues(
      scratch.database,
      Array.from({ length: last - first + 1 }, (_, index) => ({ number: first + index })),
    );
    await gateway.publish();
  };
  // One at a time, so that the records of the three partitions alternate.
  let cursor = '';
  for (let number = 1; number <= 12; number += 1) {
    await upTo(number, number);
    cursor = (await client.next('issue')).cursor;
  }
  await upTo(13, 18);
  const second = await gateway.start();
  await expect.poll(() => second.readiness().ready).toBe(true);
  const back = await gateway.connect(`?cursor=${cursor}`, second);
  await upTo(19, 19);
  const numbers: number[] = [];
  while (!numbers.includes(19)) numbers.push((await back.next('issue')).issue.number);
  expect(numbers.sort((a, b) => a - b)).toEqual([13, 14, 15, 16, 17, 18, 19]);
});

test('a cursor that cannot be placed is told to load again: nonsense, another feed, ahead of the log', async () => {
  await using gateway = await openGateway(scratch);
  const feedId = (
    await scratch.database.queries.selectFrom('pairing').select('feed_id').executeTakeFirstOrThrow()
  ).feed_id;
  const time = Date.now();
  const cursors = [
    'nonsense',
    encodeFeedCursor({ feedId: 'another', time, offsets: [0, 0, 0] }),
    encodeFeedCursor({ feedId, time, offsets: [0, 0] }),
    encodeFeedCursor({ feedId, time, offsets: [0, 999, 0] }),
    encodeFeedCursor({ feedId, time: time - 16 * 60_000, offsets: [0, 999, 0] }),
  ];
  const clients = await Promise.all(cursors.map((cursor) => gateway.connect(`?cursor=${cursor}`)));
  const answers = await Promise.all(clients.map((client) => client.next('resync')));
  expect(answers.every(({ reason }) => reason.length > 0)).toBe(true);
  // It goes on from there all the same.
  await storeIssues(scratch.database, [{ number: 1 }]);
  await gateway.publish();
  expect((await Promise.all(clients.map((client) => client.next('issue')))).length).toBe(cursors.length);
}, 20_000);

test('a feed that is written anew is followed anew, and its clients load again', async () => {
  await using gateway = await openGateway(scratch);
  const client = await gateway.connect();
  await client.next('hello');
  await sql`update pairing set feed_id = gen_random_uuid()`.execute(scratch.database.queries);
  await client.next('resync');
  await storeIssues(scratch.database, [{ number: 1 }]);
  await gateway.publish();
  expect((await client.next('issue')).issue.number).toBe(1);
});

test('records that are none of ours are passed over', async () => {
  await using gateway = await openGateway(scratch);
  const client = await gateway.connect();
  await client.next('hello');
  await gateway.log.append(
    ['not json', '{"type":"issue"}', '[]', null].map((value) => ({
      topic: topics.enriched,
      key: '1#1',
      value: value === null ? null : Buffer.from(value),
      headers: {},
    })),
  );
  await storeIssues(scratch.database, [{ number: 1 }]);
  await gateway.publish();
  await client.next('issue');
  expect(shown(client.messages)).toHaveLength(2);
});

test('says how far the classifier is behind, and again when that changes', async () => {
  await using gateway = await openGateway(scratch);
  const client = await gateway.connect();
  expect(await client.next('status')).toMatchObject({ behind: 0, status: 'ready' });
  await gateway.log.append([{ topic: topics.raw, key: '1#1', value: Buffer.from('{}'), headers: {} }]);
  expect(await client.next('status')).toMatchObject({ behind: 1 });
});
