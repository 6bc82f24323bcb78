import { randomUUID } from 'node:crypto';
import { Client } from 'pg';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { postWebhook, RunningServer } from './running-server.ts';
import { readServedTopic } from './stored-served.ts';
import { openStores, type Stores } from './stores.ts';
import { until } from './until.ts';
import { issuePayload, repository } from './webhook-payload.ts';

describe('a branch on shared brokers', () => {
  let stores: Stores;
  let main: RunningServer;
  let fromStart: RunningServer;
  let fromEnd: RunningServer;

  beforeAll(async () => {
    stores = await openStores({ log: 'Kafka', database: 'PostgreSQL' }, inject('databaseUrl'));
    main = await RunningServer.create(stores.environment);
    const branch = (id: string, more: Readonly<Record<string, string>> = {}) =>
      RunningServer.create({ ...stores.environment, KAFKA_GROUP_ID: id, ...more });
    fromStart = await branch('feature-x', { DISPATCHAI_FROM: 'start' });
    fromEnd = await branch('feature-y');
  });
  afterAll(async () => {
    await Promise.all([main, fromStart, fromEnd].map((server) => server?.remove()));
    await stores?.remove();
  });

  const query = async (sql: string, values: readonly unknown[] = []): Promise<Record<string, unknown>[]> => {
    const client = new Client({ connectionString: stores.databaseUrl ?? '' });
    await client.connect();
    try {
      return (await client.query(sql, [...values])).rows;
    } finally {
      await client.end();
    }
  };
  const numbersIn = async (schema: string): Promise<readonly number[]> =>
    (await query(`select number::integer from ${schema}.issues order by number`)).map(({ number }) =>
      Number(number),
    );
  const holds = (schema: string, numbers: readonly number[]) =>
    until(async () => String(await numbersIn(schema)) === String(numbers), {
      what: `${schema} holds ${numbers}`,
      withinMs: 30_000,
    });
  const open = async (...numbers: number[]) => {
    for (const number of numbers) {
      const payload = issuePayload({ number, title: `Crane ${number} stops` });
      expect(await postWebhook(main.webhookUrl, randomUUID(), payload)).toBe(202);
    }
  };
  const published = async (name: string): Promise<readonly string[]> => {
    const records = await readServedTopic(stores.environment.KAFKA_BOOTSTRAP_SERVERS ?? '', name);
    return [...new Set(records.map(({ key }) => String(key)))].sort();
  };

  /** As an erasure leaves it in the database. */
  async function forget(number: number): Promise<void> {
    const key = `${repository.id}#${number}`;
    await query(
      `with gone as (delete from issues where repository_id = $1 and number = $2 returning version),
            ledger as (
              insert into deletions
              select $1, $2, $3, version + 1, now(), null, 'person', 'mona', true, null from gone returning version)
       insert into outbox select topic, $4, version from ledger, (values ('issues.enriched'), ('issues.deletions')) as t(topic)`,
      [repository.id, number, repository.full_name, key],
    );
    await until(async () => (await query('select from outbox')).length === 0, {
      what: 'the deletion is published',
      withinMs: 15_000,
    });
  }

  it('reads the shared webhooks into a schema and topics of its own, and forgets what is to be forgotten', async () => {
    await main.start();
    await open(1, 2, 3);
    await holds('public', [1, 2, 3]);
    await forget(2);
    await Promise.all([fromStart.start(), fromEnd.start()]);
    await holds('dispatchai_feature_x', [1, 3]);
    expect(await query('select number::integer, permanent from dispatchai_feature_x.deletions')).toEqual([
      { number: 2, permanent: true },
    ]);

    await open(4);
    await holds('public', [1, 3, 4]);
    await holds('dispatchai_feature_x', [1, 3, 4]);
    await holds('dispatchai_feature_y', [4]);
    const key = (number: number) => `${repository.id}#${number}`;
    await until(async () => (await published('issues.enriched.feature-y')).includes(key(4)), {
      what: 'the branch publishes',
      withinMs: 15_000,
    });
    expect(await published('issues.enriched.feature-y')).not.toContain(key(1));
    expect(await published('issues.enriched')).toEqual([1, 2, 3, 4].map(key));
    const consumers = await query('select distinct consumer from public.positions order by consumer');
    expect(consumers.map(({ consumer }) => consumer)).toEqual(['dispatchai-classifier', 'relay']);
    expect(
      (await query('select distinct consumer from dispatchai_feature_x.positions order by consumer')).map(
        ({ consumer }) => consumer,
      ),
    ).toEqual(['feature-x-classifier', 'relay', 'shared-ledger']);
  });

  it('receives no webhooks', async () => {
    expect(
      await postWebhook(fromEnd.webhookUrl, randomUUID(), issuePayload({ number: 9, title: 'x' })),
    ).toBeNull();
  });
});
