import { removeFeedTopic } from '../behind-its-back.ts';
import { runCommand } from '../run-command.ts';
import type { RunningService, ServiceName } from '../running-service.ts';
import { RunningServices } from '../running-services.ts';
import type { Random } from '../simulator/engine/random.ts';
import { readStoredState } from '../stored-state.ts';
import { openStores } from '../stores.ts';
import { type Comeback, type Installation, seekToStart } from './installation.ts';
import { Takeovers } from './takeovers.ts';

/** Two of those that take over from each other, and two gateways for clients to go to. */
const started: readonly ServiceName[] = [
  'ingress',
  'classifier',
  'classifier',
  'relay',
  'relay',
  'gateway',
  'gateway',
  'scheduler',
];

/** A session of 6 s, a lease of 9 s and one of 30 s; the rest is for a machine that has much else to do. */
const takeoverWithinMs = { classifier: 60_000, relay: 60_000, scheduler: 90_000 } as const;

/** Each service in processes of its own, on Kafka and PostgreSQL. */
export async function openServedInstallation(databaseUrl: string): Promise<Installation> {
  const stores = await openStores({ log: 'Kafka', database: 'PostgreSQL' }, databaseUrl);
  const { environment } = stores;
  const services = await RunningServices.start(started, environment);
  const takeovers = new Takeovers(stores.databaseUrl ?? '');

  /** Whoever holds the lease of the service, else anyone. */
  async function victimOf(
    kind: ServiceName,
    random: Random,
  ): Promise<{ victim: RunningService; works: boolean }> {
    const all = services.named(kind);
    if (kind === 'ingress' || kind === 'gateway') return { victim: random.pick(all), works: false };
    if (kind === 'classifier') return { victim: random.pick(all), works: true };
    const holder = await takeovers.holder(kind);
    const victim = all.find((service) => holder.endsWith(`process ${service.serverPid()}`));
    return { victim: victim ?? random.pick(all), works: victim !== undefined };
  }

  async function kill(name: string, random: Random): Promise<Comeback> {
    const kind = name as ServiceName;
    const { victim, works } = await victimOf(kind, random);
    const taken =
      works && (kind === 'classifier' || kind === 'relay' || kind === 'scheduler')
        ? await takeovers.next(kind, takeoverWithinMs[kind])
        : null;
    const killed = performance.now();
    const since = () => performance.now() - killed;
    await victim.kill();
    return { ready: victim.start().then(since), takenOver: taken?.().then(since) ?? null };
  }

  const writers = [...services.named('classifier'), ...services.named('relay')];
  async function replay(): Promise<void> {
    for (const service of writers) {
      const code = await service.stop();
      if (code !== 0) throw new Error(`${service.name} ended with ${code}:\n${service.output}`);
    }
    const { dataDirectory } = services.one('scheduler');
    await runCommand(seekToStart, { dataDirectory, environment });
    await removeFeedTopic(dataDirectory, stores);
    await Promise.all(writers.map((service) => service.start()));
  }

  return {
    kinds: [...new Set(started)],
    webhookUrls: services.webhookUrls,
    gatewayUrls: services.named('gateway').map(({ url }) => url),
    kill,
    look: () => readStoredState('', stores),
    replay,
    remove: async () => {
      await takeovers.close();
      await services.remove();
      await stores.remove();
    },
  };
}
