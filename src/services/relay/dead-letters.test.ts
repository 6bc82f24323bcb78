import { sql } from 'kysely';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { DeadLetterHeaders, topics } from '../../contracts/topics.ts';
import { eraseEvents } from '../../database/erasures.ts';
import { owe } from '../../database/outbox.ts';
import { compressPayload } from '../../database/payload-bytes.ts';
import { openScratchDatabase, type ScratchDatabase } from '../../database/scratch-database.fixture.ts';
import { storeIssues } from '../../database/stored-issues.fixture.ts';
import { type EventLog, type LogRecord, RecordTooLargeError } from '../../log/event-log.ts';
import { openRelayStores, withAppend } from './relay.fixture.ts';

let scratch: ScratchDatabase;
beforeAll(async () => {
  scratch = await openScratchDatabase();
}, 60_000);
afterAll(() => scratch[Symbol.asyncDispose]());
beforeEach(async () => {
  await sql`truncate events`.execute(scratch.database.queries);
});

interface Dead {
  readonly id: string;
  readonly value: string | null;
  readonly key?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly status?: 'dead' | 'failed';
}

/** Dead events as the classifier leaves them, each owed to the dead letters. */
async function storeDead(...all: readonly Dead[]): Promise<void> {
  const { queries } = scratch.database;
  for (const { id, value, key = '1#1', headers = {}, status = 'dead' } of all) {
    const payload = value === null ? null : await compressPayload(Buffer.from(value));
    const record = JSON.stringify({ key, headers, timestamp: 1_234 });
    await sql`
      insert into events (delivery_id, event, action, rank, received_at, status, reason, origin, correlation_id, topic,
        partition, log_offset, record_key, payload, attempts, first_failed_at, last_failed_at, record, failure)
      values (${id}, 'issues', 'opened', 1, now(), ${status}, 'could not be stored: no', 'github', '', 'issues.raw', 2, 77,
        '1#1', decode(${payload?.toString('base64') ?? null}, 'base64'), 4, '2026-03-01T12:00:00.25Z',
        '2026-03-01T12:00:14Z', ${record}::json, 'SQLSTATE 23514')`.execute(queries);
    await owe(queries, [{ topic: topics.deadLetter, key: id, version: 5 }]);
  }
}

async function lettersOf(log: EventLog): Promise<readonly LogRecord[]> {
  const letters: LogRecord[] = [];
  for (const { partition, start } of await log.ranges(topics.deadLetter)) {
    for await (const batch of log.read({ topic: topics.deadLetter, partition, from: start }))
      letters.push(...batch);
  }
  return letters.sort((a, b) => (a.key < b.key ? -1 : 1));
}

const textOf = (letter: LogRecord | undefined) => Buffer.from(letter?.value ?? []).toString();

test('a dead letter is the record as it came, with where it stood and how it failed', async () => {
  await using stores = await openRelayStores(scratch);
  await storeDead({
    id: 'poison',
    value: '{"action": "opened"\0}',
    key: 'no \0 key',
    headers: { event: 'issues', 'correlation-id': 'c-1', odd: '\0 "\\ \u2028' },
  });
  await stores.start();
  await stores.drained();
  const [letter, ...more] = await lettersOf(stores.log);
  expect(more).toEqual([]);
  expect(letter?.key).toBe('poison');
  expect(textOf(letter)).toBe('{"action": "opened"\0}');
  const { event, odd, 'correlation-id': correlation, ...told } = letter?.headers ?? {};
  expect({ event, odd, correlation }).toEqual({ event: 'issues', odd: '\0 "\\ \u2028', correlation: 'c-1' });
  expect(DeadLetterHeaders.parse(told)).toEqual({
    'dead-letter-topic': 'issues.raw',
    'dead-letter-partition': '2',
    'dead-letter-offset': '77',
    'dead-letter-key': 'no \0 key',
    'dead-letter-timestamp': '1234',
    'dead-letter-error-class': 'SQLSTATE 23514',
    'dead-letter-error-message': 'could not be stored: no',
    'dead-letter-attempts': '4',
    'dead-letter-first-failed-at': '2026-03-01T12:00:00.250Z',
    'dead-letter-last-failed-at': '2026-03-01T12:00:14.000Z',
    'dead-letter-value': 'original',
  });
});

test('one that came without a value keeps its place in a topic that is compacted', async () => {
  await using stores = await openRelayStores(scratch);
  await storeDead({ id: 'tombstone', value: null });
  await stores.start();
  await stores.drained();
  const [letter] = await lettersOf(stores.log);
  expect(letter?.value).toEqual(new Uint8Array());
  expect(letter?.headers['dead-letter-value']).toBe('none');
});

test('nothing is published of an event that is not dead any more, or gone', async () => {
  await using stores = await openRelayStores(scratch);
  await storeDead({ id: 'redriven', value: '{}', status: 'failed' });
  await owe(stores.database.queries, [{ topic: topics.deadLetter, key: 'gone', version: 1 }]);
  await stores.start();
  await stores.drained();
  expect(await lettersOf(stores.log)).toEqual([]);
});

test('one that its topic does not take goes without its value, and holds up nothing', async () => {
  await using stores = await openRelayStores(scratch);
  const log = withAppend(stores.log, (records) =>
    records.some(({ topic, value }) => topic === topics.deadLetter && (value?.length ?? 0) > 1_000)
      ? Promise.reject(new RecordTooLargeError('too large'))
      : stores.log.append(records),
  );
  await storeDead(
    { id: 'a', value: '{}' },
    { id: 'b', value: 'x'.repeat(2_000), headers: { odd: 'y' } },
    { id: 'c', value: '{}' },
  );
  await storeIssues(stores.database, [{ number: 1 }]);
  await stores.start({ log });
  await stores.drained();
  const letters = await lettersOf(stores.log);
  expect(letters.map(({ key, headers }) => [key, headers['dead-letter-value']])).toEqual([
    ['a', 'original'],
    ['b', 'too-large'],
    ['c', 'original'],
  ]);
  expect(letters[1]?.headers).not.toHaveProperty('odd');
  expect(DeadLetterHeaders.parse(letters[1]?.headers)).toMatchObject({ 'dead-letter-attempts': '4' });
  expect(await stores.published()).toHaveLength(1);
});

test('a payload of the largest size fits whole, and many small bytes are sent in parts', async () => {
  await using stores = await openRelayStores(scratch);
  const sizes: number[] = [];
  const log = withAppend(stores.log, (records) => {
    sizes.push(records.reduce((sum, { value }) => sum + (value?.length ?? 0), 0));
    return stores.log.append(records);
  });
  // Compressed, these are a few hundred bytes.
  await storeDead(
    { id: 'largest', value: 'x'.repeat(25 * 1024 * 1024), headers: { event: 'issues' } },
    ...Array.from({ length: 6 }, (_, n) => ({ id: `large ${n}`, value: 'x'.repeat(3_000_000) })),
  );
  await stores.start({ log });
  await stores.drained();
  const letters = await lettersOf(stores.log);
  expect(letters).toHaveLength(7);
  for (const letter of letters) expect(letter.headers['dead-letter-value']).toBe('original');
  expect(Math.max(...sizes)).toBeLessThanOrEqual(25 * 1024 * 1024 + 3_000_000);
  expect(sizes.length).toBeGreaterThanOrEqual(4);
}, 30_000);

test('a dead letter whose acknowledgement was lost is sent again, and the states beside it go on', async () => {
  await using stores = await openRelayStores(scratch);
  let lost = 0;
  const log = withAppend(stores.log, async (records) => {
    const places = await stores.log.append(records);
    if (records[0]?.topic === topics.deadLetter && lost++ === 0) throw new Error('the connection broke');
    return places;
  });
  await storeDead({ id: 'poison', value: '{}' });
  await storeIssues(stores.database, [{ number: 1 }]);
  await stores.start({ log });
  await stores.drained();
  expect((await lettersOf(stores.log)).map(({ key }) => key)).toEqual(['poison', 'poison']);
  expect(await stores.published()).toHaveLength(1);
}, 20_000);

test('an erased one replaces its letter by one that says so and nothing else', async () => {
  await using stores = await openRelayStores(scratch);
  await storeDead({ id: 'poison', value: 'Mona was here', headers: { event: 'issues', odd: 'Mona' } });
  await sql`update events set repository_id = 1, number = 1`.execute(scratch.database.queries);
  await stores.start();
  await stores.drained();
  await stores.database.transaction((transaction) =>
    eraseEvents(transaction, [{ repositoryId: 1, number: 1 }], 6),
  );
  await stores.drained();
  const letters = await lettersOf(stores.log);
  expect(letters.map(({ key }) => key)).toEqual(['poison', 'poison']);
  expect(textOf(letters[1])).toBe('');
  expect(DeadLetterHeaders.parse(letters[1]?.headers)).toMatchObject({
    'dead-letter-value': 'erased',
    'dead-letter-key': '1#1',
    'dead-letter-error-class': 'Erased',
    'dead-letter-error-message': 'erased',
  });
  expect(JSON.stringify(letters[1]?.headers)).not.toContain('Mona');
});
