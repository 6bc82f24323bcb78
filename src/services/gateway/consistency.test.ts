import { sql } from 'kysely';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Consistency } from '../../contracts/health.ts';
import { pairingKey, topics } from '../../contracts/topics.ts';
import { openScratchDatabase, type ScratchDatabase } from '../../database/scratch-database.fixture.ts';
import { storeIssues } from '../../database/stored-issues.fixture.ts';
import { openGateway } from './gateway.fixture.ts';

let scratch: ScratchDatabase;
beforeAll(async () => {
  scratch = await openScratchDatabase();
}, 60_000);
afterAll(() => scratch[Symbol.asyncDispose]());

test('an idle system is healthy, and says so in numbers', async () => {
  await using gateway = await openGateway(scratch);
  await storeIssues(scratch.database, [{ number: 1 }, { number: 2 }]);
  const response = await gateway.request('/health/consistency');
  expect(response.status).toBe(200);
  const report = (await response.json()) as Consistency;
  expect(report).toMatchObject({
    status: 'healthy',
    reasons: [],
    kafka_consumer_lag: 0,
    database_records: 2,
    failed: 0,
    dead: 0,
    outbox: 2,
    pairing: { status: 'unpaired', clusterId: null },
  });
  expect(report.partitions).toEqual(
    [0, 1, 2].map((partition) => ({
      topic: topics.raw,
      partition,
      start: 0,
      end: 0,
      position: null,
      committed: null,
      lag: 0,
    })),
  );
});

test('a lag of 100 is degraded, and the position decides what it is', async () => {
  await using gateway = await openGateway(scratch);
  await gateway.log.append(
    Array.from({ length: 100 }, () => ({
      topic: topics.raw,
      key: '1#1',
      value: Buffer.from('{}'),
      headers: {},
    })),
  );
  const behind = await gateway.request('/health/consistency');
  expect(behind.status).toBe(503);
  expect(await behind.json()).toMatchObject({ status: 'degraded', kafka_consumer_lag: 100 });
  const [written] = (await gateway.log.ranges(topics.raw)).filter(({ end }) => end === 100);
  await sql`insert into positions (consumer, topic, partition, topic_id, next_offset)
    values ('dispatchai-classifier', ${topics.raw}, ${written?.partition}, 'id', 60)`.execute(
    scratch.database.queries,
  );
  const closer = await gateway.request('/health/consistency');
  expect(closer.status).toBe(200);
  expect(await closer.json()).toMatchObject({ status: 'healthy', kafka_consumer_lag: 40 });
});

test('a log that belongs to another database is degraded, and says what can be chosen', async () => {
  await using gateway = await openGateway(scratch);
  const paired = { type: 'pairing', databaseId: 'another', group: 'dispatchai-classifier', pairedAt: 'then' };
  const value = Buffer.from(JSON.stringify(paired));
  await gateway.log.append([{ topic: topics.deletions, key: pairingKey, value, headers: {} }]);
  const report = await gateway.json<Consistency>('/health/consistency');
  expect(report).toMatchObject({
    status: 'degraded',
    pairing: { status: 'mismatch', logDatabaseId: 'another' },
  });
  expect(report.pairing.choices?.map(({ choice }) => choice)).toEqual(['rebuild', 'adopt', 'halt']);
  for (const said of ['another', 'DISPATCHAI_ON_MISMATCH=rebuild', 'DISPATCHAI_ON_MISMATCH=adopt'])
    expect(report.reasons[0]).toContain(said);
});

test('missing issues are counted in the background and named', async () => {
  const { queries } = scratch.database;
  await using first = await openGateway(scratch);
  await sql`
    insert into events (delivery_id, repository_id, number, event, action, rank, received_at, status, origin,
                        correlation_id, topic, partition, log_offset, record_key)
    values ('d', 1, 77, 'issues', 'opened', 1, now(), 'applied', 'github', 'c', 'issues.raw', 0, 0, '1#77')`.execute(
    queries,
  );
  const second = await first.start();
  const report = async () => (await (await fetch(`${second.url}/health/consistency`)).json()) as Consistency;
  await expect.poll(async () => (await report()).missing.count).toBe(1);
  expect(await report()).toMatchObject({ status: 'degraded', missing: { sample: ['1#77'] } });
});

test('events that wait for another try and dead ones are counted apart', async () => {
  await using gateway = await openGateway(scratch);
  await sql`
    insert into events (delivery_id, event, action, rank, received_at, status, origin, correlation_id, topic, partition,
                        log_offset, record_key)
    select status || n, 'issues', 'opened', 1, now(), status, 'github', 'c', 'issues.raw', 0, 0, ''
      from (values ('failed', 1), ('dead', 1), ('dead', 2)) as failures(status, n)`.execute(
    scratch.database.queries,
  );
  const report = await gateway.json<Consistency>('/health/consistency');
  expect(report).toMatchObject({ status: 'degraded', failed: 1, dead: 2 });
});
