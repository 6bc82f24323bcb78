import { describe, expect, inject, it } from 'vitest';
import { Takeovers } from '../kills/takeovers.ts';
import { expectKept, recordsInASend, settled } from '../promises.ts';
import type { RunningService } from '../running-service.ts';
import { RunningServices } from '../running-services.ts';
import { isStopped } from '../servers/processes.ts';
import { readStoredState } from '../stored-state.ts';
import { openStores } from '../stores.ts';
import { until } from '../until.ts';
import { startLoad } from '../webhook-load.ts';

/** Stops a process where it stands; asserted, since a signal is only a wish. */
async function freeze(service: RunningService): Promise<void> {
  const pid = service.serverPid();
  process.kill(pid, 'SIGSTOP');
  await until(() => isStopped(pid), { what: `${service.name} is stopped`, withinMs: 5_000 });
}

const thaw = (service: RunningService) => process.kill(service.serverPid(), 'SIGCONT');

describe('SIGSTOP of a classifier and of the relay at work, and SIGCONT once others do their work', () => {
  it('keeps every promise while they are frozen and after they woke up', { timeout: 240_000 }, async () => {
    const stores = await openStores({ log: 'Kafka', database: 'PostgreSQL' }, inject('databaseUrl'));
    const services = await RunningServices.start(
      ['ingress', 'classifier', 'classifier', 'relay', 'relay', 'gateway'],
      stores.environment,
    );
    const takeovers = new Takeovers(stores.databaseUrl ?? '');
    try {
      const load = startLoad({
        urls: services.webhookUrls,
        webhooks: 20_000,
        issues: 400,
        senders: 4,
        pauseMs: 10,
        refused: 'send again',
      });
      await until(() => load.accepted.size >= 200, { what: '200 accepted', withinMs: 30_000 });
      const holder = await takeovers.holder('relay');
      const relay = services.named('relay').find((each) => holder.endsWith(`process ${each.serverPid()}`));
      if (!relay) throw new Error(`nobody of us holds the relay's lease: ${holder}`);
      const frozen = [services.one('classifier'), relay];
      const takenOver = await Promise.all([
        takeovers.next('classifier', 60_000),
        takeovers.next('relay', 60_000),
      ]);
      await Promise.all(frozen.map(freeze));
      await Promise.all(takenOver.map((taken) => taken()));
      const before = load.accepted.size;
      await until(() => load.accepted.size >= before + 200, {
        what: '200 accepted and worked on by the others',
        withinMs: 30_000,
      });
      for (const service of frozen) thaw(service);
      const after = load.accepted.size;
      await until(() => load.accepted.size >= after + 200, {
        what: '200 accepted with them awake',
        withinMs: 30_000,
      });
      load.finish();
      await load.done;
      await settled(services.one('gateway').url);
      // Nobody died of it, and nobody was killed for it.
      for (const service of frozen) expect(await service.stop(), service.output).toBe(0);
      expectKept(await readStoredState('', stores), {
        accepted: load.accepted,
        // What the relay had under way when it froze may come after its successor has sent it too.
        repeatable: recordsInASend,
      });
    } finally {
      await takeovers.close();
      await services.remove();
      await stores.remove();
    }
  });
});
