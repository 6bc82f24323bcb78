import { describe, expect, inject, it } from 'vitest';
import { postWebhook } from '../post-webhook.ts';
import { expectKept, settled } from '../promises.ts';
import { RunningServices } from '../running-services.ts';
import { groupMembers, readServedDatabase } from '../stored-served.ts';
import { readStoredState } from '../stored-state.ts';
import { openStores } from '../stores.ts';
import { until } from '../until.ts';
import { startLoad } from '../webhook-load.ts';
import { issuePayload } from '../webhook-payload.ts';

/** Enough for every partition to have some. */
const probes = 30;

describe('kill -9 of one of two classifiers under load', () => {
  it('leaves its partitions to the other one within 10 s; nothing is lost, nothing done twice', async () => {
    const stores = await openStores({ log: 'Kafka', database: 'PostgreSQL' }, inject('databaseUrl'));
    const services = await RunningServices.start(
      ['ingress', 'classifier', 'classifier', 'relay', 'gateway'],
      stores.environment,
    );
    try {
      const { bootstrapServers } = stores.kafka ?? { bootstrapServers: '' };
      const sharing = async () => {
        const members = await groupMembers(bootstrapServers, 'dispatchai-classifier');
        return members.length === 2 && members.every(({ partitions }) => partitions > 0);
      };
      await until(sharing, { what: 'both classifiers hold partitions', withinMs: 30_000 });
      const load = startLoad({
        urls: services.webhookUrls,
        webhooks: 2000,
        issues: 400,
        senders: 8,
        pauseMs: 10,
        refused: 'give up',
      });
      await until(() => load.accepted.size >= 700, { what: '700 accepted', withinMs: 30_000 });
      await services.one('classifier').kill();

      const killed = performance.now();
      const ids = Array.from({ length: probes }, (_, index) => `probe-${index}`);
      await Promise.all(
        ids.map((id, index) =>
          postWebhook(
            services.webhookUrls[0] ?? '',
            id,
            issuePayload({ number: 1000 + index, title: `Probe ${index}` }),
          ),
        ),
      );
      const taken = async () => {
        const { events } = await readServedDatabase(stores.databaseUrl ?? '');
        const known = new Set(events.map((event) => event.delivery_id));
        return ids.every((id) => known.has(id));
      };
      await until(taken, { what: 'the other one has taken over', withinMs: 30_000 });
      expect(performance.now() - killed, 'milliseconds until it had').toBeLessThan(10_000);

      await load.done;
      await settled(services.one('gateway').url);
      expect(load.accepted.size).toBe(2000);
      const accepted = new Set([...load.accepted, ...ids]);
      expectKept(await readStoredState('', stores), { accepted });
    } finally {
      await services.remove();
      await stores.remove();
    }
  });
});
