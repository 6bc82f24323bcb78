import { describe, expect, inject, it } from 'vitest';
import { expectKept, recordsInASend, settled } from '../promises.ts';
import { RunningServer } from '../running-server.ts';
import { readStoredState } from '../stored-state.ts';
import { openStores } from '../stores.ts';
import { until } from '../until.ts';
import { startLoad } from '../webhook-load.ts';

describe('kill -9 of the broker during 2,000 webhooks', () => {
  it('loses nothing that was accepted; what cannot be accepted is refused within 2 s', async () => {
    const stores = await openStores({ log: 'Kafka', database: 'PostgreSQL' }, inject('databaseUrl'));
    const server = await RunningServer.create(stores.environment);
    try {
      await server.start();
      const load = startLoad({
        urls: [server.webhookUrl],
        webhooks: 2000,
        issues: 400,
        senders: 16,
        refused: 'send again',
      });
      const refused = () => load.answers.filter(({ status }) => status === 503);
      await until(() => load.accepted.size >= 700, { what: '700 accepted', withinMs: 30_000 });
      await stores.kafka?.kill();
      await until(() => refused().length >= 100, { what: '100 refused', withinMs: 30_000 });
      await stores.kafka?.restart();
      await load.done;
      await settled(server.url);

      const slowest = Math.max(...refused().map(({ milliseconds }) => milliseconds));
      expect(slowest, 'milliseconds until the slowest 503').toBeLessThan(2000);
      expect(
        load.answers.filter(({ status }) => status === null),
        'nobody is left without an answer',
      ).toEqual([]);
      expect(load.accepted.size).toBe(2000);
      expect(await server.stop()).toBe(0);
      expectKept(await readStoredState(server.dataDirectory, stores), {
        accepted: load.accepted,
        repeatable: recordsInASend,
      });
    } finally {
      await server.remove();
      await stores.remove();
    }
  });
});
