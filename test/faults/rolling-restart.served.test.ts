import { describe, expect, inject, it } from 'vitest';
import { expectKept, settled } from '../promises.ts';
import type { RunningService, ServiceName } from '../running-service.ts';
import { RunningServices } from '../running-services.ts';
import { readStoredState } from '../stored-state.ts';
import { openStores } from '../stores.ts';
import { startLoad } from '../webhook-load.ts';

const kinds: readonly ServiceName[] = ['ingress', 'classifier', 'relay', 'gateway', 'scheduler'];

async function restart(service: RunningService): Promise<void> {
  const began = performance.now();
  expect(await service.stop(), `${service.name}: ${service.output}`).toBe(0);
  expect(performance.now() - began, `${service.name}: milliseconds to stop`).toBeLessThan(10_000);
  await service.start();
}

describe('a rolling restart of every service under load', () => {
  it('loses nothing, and every sender that knows both ingresses is served', {
    timeout: 240_000,
  }, async () => {
    const stores = await openStores({ log: 'Kafka', database: 'PostgreSQL' }, inject('databaseUrl'));
    const services = await RunningServices.start([...kinds, ...kinds], stores.environment);
    try {
      const load = startLoad({
        urls: services.webhookUrls,
        webhooks: 20_000,
        issues: 400,
        senders: 4,
        pauseMs: 20,
        refused: 'send again',
      });
      // As an orchestrator does it: every kind at once, and of each kind one after the other.
      for (const nth of [0, 1]) {
        await Promise.all(kinds.map((kind) => restart(services.named(kind)[nth] as RunningService)));
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
