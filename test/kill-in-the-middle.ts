import { expect } from 'vitest';
import { expectKept, settled } from './promises.ts';
import { RunningServer } from './running-server.ts';
import { readStoredState } from './stored-state.ts';
import type { Stores } from './stores.ts';
import { until } from './until.ts';
import { startLoad } from './webhook-load.ts';

/** Kills a server again and again while webhooks arrive, and starts it again: everything accepted is kept. */
export async function killInTheMiddle(
  stores: Stores,
  { webhooks, kills }: { readonly webhooks: number; readonly kills: number },
) {
  const server = await RunningServer.create(stores.environment);
  try {
    await server.start();
    const load = startLoad({
      urls: [server.webhookUrl],
      webhooks,
      issues: 400,
      senders: 16,
      name: 'kill',
      refused: 'send again',
    });
    for (let kill = 1; kill <= kills; kill += 1) {
      // Wherever the server happens to be in its work.
      const at = Math.floor((webhooks * kill) / (kills + 1)) + kill * 13;
      await until(() => load.accepted.size >= at, { what: `${at} webhooks accepted`, withinMs: 60_000 });
      await server.kill();
      await server.start();
    }
    await load.done;
    await settled(server.url);
    expect(await server.stop()).toBe(0);
    expect(load.accepted.size).toBe(webhooks);
    expectKept(await readStoredState(server.dataDirectory, stores), { accepted: load.accepted });
  } finally {
    await server.remove();
  }
}
