import { Admin, Consumer, Producer, stringDeserializers, stringSerializers } from '@platformatic/kafka';
import { Client } from 'pg';
import { describe, expect, inject, it } from 'vitest';
import { KafkaServer } from './kafka-server.ts';
import { PostgresServer } from './postgres-server.ts';

describe('the servers that all tests share', () => {
  it('are a Kafka 4', async () => {
    const admin = new Admin({ clientId: 'test', bootstrapBrokers: [inject('kafka')] });
    const { id, brokers } = await admin.metadata({ topics: [] });
    await admin.close();
    expect(id).toMatch(/^[\w-]{22}$/);
    expect(brokers.size).toBeGreaterThan(0);
  });

  it('and a PostgreSQL with pgvector', async () => {
    const rows = await query(
      inject('databaseUrl'),
      `select current_setting('server_version_num')::int / 10000 as major,
        (select count(*)::int from pg_available_extensions where name = 'vector') as vector`,
    );
    expect(rows).toEqual([{ major: expect.any(Number), vector: 1 }]);
    expect(rows[0]?.major).toBeGreaterThanOrEqual(15);
  });
});

describe('a server of its own', () => {
  it('that is killed and started again has what it acknowledged: PostgreSQL', async () => {
    const server = await PostgresServer.start();
    try {
      await query(server.url, 'create table kept as select 1 as one');
      await server.kill();
      await expect(query(server.url, 'select 1')).rejects.toThrow('ECONNREFUSED');
      await server.restart();
      expect(await query(server.url, 'select one from kept')).toEqual([{ one: 1 }]);
    } finally {
      await server.remove();
    }
  });

  it('that is killed and started again has what it acknowledged: Kafka', async () => {
    const server = await KafkaServer.start();
    const client = { clientId: 'test', bootstrapBrokers: [server.bootstrapServers], retries: 1 };
    const producer = new Producer({ ...client, serializers: stringSerializers });
    const consumer = new Consumer({ ...client, groupId: 'test', deserializers: stringDeserializers });
    const admin = new Admin(client);
    try {
      await admin.createTopics({ topics: ['kept'], partitions: 1, replicas: 1 });
      await producer.send({ messages: [{ topic: 'kept', value: 'one' }], acks: -1 });
      await server.kill();
      await expect(
        producer.send({ messages: [{ topic: 'kept', value: 'two' }], acks: -1 }),
      ).rejects.toThrow();
      await server.restart();
      const stream = await consumer.consume({ topics: ['kept'], mode: 'earliest' });
      for await (const message of stream) {
        expect(message.value).toBe('one');
        break;
      }
    } finally {
      await Promise.all([admin.close(), producer.close(true), consumer.close(true)]);
      await server.remove();
    }
  });
});

async function query(url: string, sql: string): Promise<readonly Record<string, unknown>[]> {
  const client = new Client({ connectionString: url });
  await client.connect();
  try {
    return (await client.query(sql)).rows;
  } finally {
    await client.end();
  }
}
