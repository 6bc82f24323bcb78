import { describe, expect, inject, it } from 'vitest';
import { expectKept, settled } from '../promises.ts';
import { RunningServices } from '../running-services.ts';
import { readStoredState } from '../stored-state.ts';
import { openStores } from '../stores.ts';
import { startLoad } from '../webhook-load.ts';

describe('a rolling restart of every service under load', () => {
  it('refuses no sender that knows both ingresses, and loses nothing', async () => {
    const stores = await openStores({ log: 'Kafka', database: 'PostgreSQL' }, inject('databaseUrl'));
    const services = await RunningServices.start(
      [
        'ingress',
        'ingress',
        'classifier',
        'classifier',
        'relay',
        'relay',
        'gateway',
        'gateway',
        'scheduler',
        'scheduler',
      ],
      stores.environment,
    );
    try {
      const load = startLoad({
        urls: services.webhookUrls,
        webhooks: 20_000,
        issues: 400,
        senders: 4,
        pauseMs: 20,
        refused: 'send again',
      });
      for (const service of services.all) {
        const began = performance.now();
        expect(await service.stop(), `${service.name}: ${service.output}`).toBe(0);
        expect(performance.now() - began, `${service.name}: milliseconds to stop`).toBeLessThan(10_000);
        await service.start();
      }
      load.finish();
      await load.done;
      await settled(services.one('gateway').url);
      expect(load.accepted.size).toBe(load.begun());
      expectKept(await readStoredState('', stores), { accepted: load.accepted });
    } finally {
      await services.remove();
      await stores.remove();
    }
  });
});
