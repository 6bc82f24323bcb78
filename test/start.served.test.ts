import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { DispatchaiProcess } from './dispatchai-process.ts';
import { freePort } from './servers/free-port.ts';
import { openStores, type Stores } from './stores.ts';
import { until } from './until.ts';

describe('a service that is started before its broker', () => {
  let stores: Stores;
  let started: DispatchaiProcess | null = null;
  beforeAll(async () => {
    stores = await openStores({ log: 'Kafka', database: 'PostgreSQL' }, inject('databaseUrl'));
  });
  afterAll(async () => {
    await started?.remove();
    await stores?.remove();
  });

  it.each([
    ['ingress', 'INGRESS_PORT'],
    ['classifier', 'CLASSIFIER_PORT'],
  ] as const)('%s lives, says what it waits for, and goes on when it comes', async (name, variable) => {
    const port = await freePort();
    const url = `http://127.0.0.1:${port}`;
    await stores.kafka?.kill();
    started = await DispatchaiProcess.create({
      args: ['start', name],
      environment: { ...stores.environment, [variable]: String(port) },
      healthUrl: `${url}/health/ready`,
    });
    const starting = started.start(90_000);
    await until(
      async () => {
        const response = await fetch(`${url}/health`);
        return response.status === 503 && (await response.text()).includes('KAFKA_BOOTSTRAP_SERVERS');
      },
      { what: 'it says what it waits for', withinMs: 30_000 },
    );
    expect((await fetch(`${url}/health/live`)).status).toBe(200);
    await stores.kafka?.restart();
    await starting;
    expect(await started.stop(10_000)).toBe(0);
    await started.remove();
    started = null;
  });
});
