import { describe, expect, it } from 'vitest';
import { expectKept, settled } from '../promises.ts';
import { RunningServer } from '../running-server.ts';
import { KafkaServer } from '../servers/kafka-server.ts';
import { PostgresServer } from '../servers/postgres-server.ts';
import { readStoredState } from '../stored-state.ts';
import { until } from '../until.ts';
import { startLoad } from '../webhook-load.ts';

describe('kill -9 of PostgreSQL during 2,000 webhooks', () => {
  it('loses nothing that was accepted, and webhooks are accepted all the while', async () => {
    const [kafka, postgres] = await Promise.all([KafkaServer.start(), PostgresServer.start()]);
    const server = await RunningServer.create({
      KAFKA_BOOTSTRAP_SERVERS: kafka.bootstrapServers,
      DATABASE_URL: postgres.url,
    });
    try {
      await server.start();
      const load = startLoad({
        urls: [server.webhookUrl],
        webhooks: 2000,
        issues: 400,
        senders: 16,
        refused: 'send again',
      });
      await until(() => load.accepted.size >= 700, { what: '700 accepted', withinMs: 30_000 });
      await postgres.kill();
      const before = load.accepted.size;
      await until(() => load.accepted.size >= before + 300, {
        what: '300 accepted without it',
        withinMs: 30_000,
      });
      await postgres.restart();
      await load.done;
      await settled(server.url);

      expect(load.accepted.size).toBe(2000);
      expect(await server.stop()).toBe(0);
      const stores = { kafka, databaseUrl: postgres.url };
      expectKept(await readStoredState(server.dataDirectory, stores), { accepted: load.accepted });
    } finally {
      await server.remove();
      await Promise.all([kafka.remove(), postgres.remove()]);
    }
  });
});
