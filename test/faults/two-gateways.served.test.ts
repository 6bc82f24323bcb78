import { describe, expect, inject, it } from 'vitest';
import { FeedClient } from '../feed-client.ts';
import { settled } from '../promises.ts';
import { RunningServices } from '../running-services.ts';
import { readServedDatabase } from '../stored-served.ts';
import { openStores } from '../stores.ts';
import { until } from '../until.ts';
import { startLoad } from '../webhook-load.ts';

describe('two gateways with a client each', () => {
  it('show both the same events, each issue only going forward, to what the database has', async () => {
    const stores = await openStores({ log: 'Kafka', database: 'PostgreSQL' }, inject('databaseUrl'));
    const services = await RunningServices.start(
      ['ingress', 'classifier', 'relay', 'gateway', 'gateway'],
      stores.environment,
    );
    const clients: FeedClient[] = [];
    try {
      for (const { url } of services.named('gateway')) clients.push(await FeedClient.connect(url));
      const load = startLoad({
        urls: services.webhookUrls,
        webhooks: 500,
        issues: 100,
        senders: 4,
        refused: 'give up',
      });
      await load.done;
      await settled(services.one('gateway').url);

      const { issues } = await readServedDatabase(stores.databaseUrl ?? '');
      const newest = new Map(issues.map(({ number, version }) => [number, version]));
      expect(newest.size).toBe(100);
      const last = (client: FeedClient) =>
        new Map([...client.versions()].map(([number, versions]) => [number, versions.at(-1)]));
      for (const client of clients) {
        const complete = () => [...newest].every(([number, version]) => last(client).get(number) === version);
        await until(complete, { what: 'a client has heard of every newest version', withinMs: 10_000 });
        for (const versions of client.versions().values()) {
          expect(versions).toEqual([...new Set(versions)].sort((a, b) => a - b));
        }
      }
      const [first, second] = clients;
      expect(new Map([...(first?.versions() ?? [])].sort())).toEqual(
        new Map([...(second?.versions() ?? [])].sort()),
      );
    } finally {
      for (const client of clients) client.close();
      await services.remove();
      await stores.remove();
    }
  });
});
