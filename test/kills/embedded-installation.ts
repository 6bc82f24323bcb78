import { removeFeedTopic } from '../behind-its-back.ts';
import { runCommand } from '../run-command.ts';
import { RunningServer } from '../running-server.ts';
import { readStoredState } from '../stored-state.ts';
import { embeddedStores } from '../stores.ts';
import { type Comeback, type Installation, seekToStart } from './installation.ts';

/** `dispatchai up` with embedded stores: one process for everything. */
export async function openEmbeddedInstallation(): Promise<Installation> {
  const server = await RunningServer.create();
  await server.start();
  const { dataDirectory } = server;
  const stop = async () => {
    const code = await server.stop();
    if (code !== 0) throw new Error(`it ended with ${code}:\n${server.output}`);
  };
  return {
    kinds: ['up'],
    webhookUrls: [server.webhookUrl],
    gatewayUrls: [server.url],
    kill: async (): Promise<Comeback> => {
      const killed = performance.now();
      await server.kill();
      return { ready: server.start().then(() => performance.now() - killed), takenOver: null };
    },
    look: async () => {
      await stop();
      return readStoredState(dataDirectory, embeddedStores);
    },
    replay: async () => {
      await runCommand(seekToStart, { dataDirectory, environment: {} });
      await removeFeedTopic(dataDirectory, embeddedStores);
      await server.start();
    },
    remove: () => server.remove(),
  };
}
