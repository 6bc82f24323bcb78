import { afterEach, expect, it } from 'vitest';
import type { Health } from '../contracts/health.ts';
import { openProbe, type Probe } from './probe.ts';

let probe: Probe | null = null;
afterEach(async () => {
  await probe?.close();
  probe = null;
});

async function asking(health: Health, early = false) {
  const metrics = async () => 'a_metric 1\n';
  const address = { host: '127.0.0.1', port: 0, variable: 'RELAY_PORT' };
  probe = await openProbe({ ...address, health: () => health, early, ...(early ? {} : { metrics }) });
  const { port } = probe;
  return async (path: string, method = 'GET') => {
    const response = await fetch(`http://127.0.0.1:${port}${path}`, { method });
    return [response.status, await response.text()] as const;
  };
}

const ready: Health = { status: 'ready', services: { relay: { ready: true, reason: null } } };
const starting: Health = {
  status: 'starting',
  services: { relay: { ready: false, reason: 'the broker is away' } },
};

it('says whether work should come here, whether the process lives, and what was measured', async () => {
  const ask = await asking(ready);
  for (const path of ['/health', '/health/ready'])
    expect(await ask(path)).toEqual([200, JSON.stringify(ready)]);
  expect(await ask('/health/live')).toEqual([200, '{"status":"live"}']);
  expect(await ask('/metrics')).toEqual([200, 'a_metric 1\n']);
  expect((await ask('/health', 'POST'))[0]).toBe(405);
  expect((await ask('/elsewhere'))[0]).toBe(404);
});

it('says that not everything works, and that work may come all the same', async () => {
  const gateway = { ready: false, reason: 'The feed cannot be read from the log.', serving: true };
  const partly: Health = { status: 'unhealthy', services: { gateway } };
  const ask = await asking(partly);
  expect(await ask('/health')).toEqual([503, JSON.stringify(partly)]);
  expect((await ask('/health/ready'))[0]).toBe(200);
  const relay = { ready: false, reason: 'The database does not answer.' };
  await probe?.close();
  const both = await asking({ status: 'unhealthy', services: { gateway, relay } });
  expect((await both('/health/ready'))[0]).toBe(503);
});

it('lives while it waits, and says for what', async () => {
  const ask = await asking(starting);
  expect(await ask('/health/ready')).toEqual([503, JSON.stringify(starting)]);
  expect((await ask('/health/live'))[0]).toBe(200);
});

it('in the place of a service that is being started asks everybody else to come again', async () => {
  const ask = await asking(starting, true);
  expect((await ask('/health'))[0]).toBe(503);
  for (const [path, method] of [
    ['/webhook/github', 'POST'],
    ['/metrics', 'GET'],
    ['/', 'GET'],
  ] as const) {
    expect((await ask(path, method))[0]).toBe(503);
  }
});
