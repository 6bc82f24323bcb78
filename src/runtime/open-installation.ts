import { existsSync } from 'node:fs';
import { openClassifier, openStores } from './compose.ts';
import type { Config } from './config.ts';
import { connectToServer } from './control-client.ts';
import { dataPaths } from './data-paths.ts';
import type { RuntimeEffects } from './effects.ts';
import { classifierGroup } from './groups.ts';
import { type Installation, localInstallation } from './installation.ts';
import { Refusal } from './refusal.ts';
import type { ServiceName } from './service-names.ts';
import { Supervisor } from './supervisor.ts';
import { readVersion } from './version.ts';

const stopWithinMs = 5_000;

export interface OpenedInstallation extends Installation {
  close(): Promise<void>;
}

/**
 * The installation of a data directory: the running server when one answers, else its files, opened under the lock.
 * `needs` are the services that the command cannot do without (the relay to publish a deletion); a running server
 * has them all.
 * @throws Refusal when somebody holds the files and does not answer, or there are none
 */
export async function openInstallation(
  config: Config,
  effects: RuntimeEffects,
  needs: readonly ServiceName[],
): Promise<OpenedInstallation> {
  const paths = dataPaths(config.dataDirectory);
  const running = await connectToServer(paths.socket);
  if (running && running.status.health.status !== 'stopping') {
    return { ...running.installation, close: async () => undefined };
  }
  if (!existsSync(paths.log)) {
    throw new Refusal(`there is nothing in ${config.dataDirectory} yet: start with \`dispatchai up\``);
  }
  const supervisor = new Supervisor(effects, needs);
  try {
    const stores = await openStores(config, effects, supervisor);
    const classifier = needs.includes('classifier') ? await openClassifier(effects, supervisor) : null;
    const { startServices } = await import('./start-services.ts');
    await startServices({
      ...stores,
      config,
      effects,
      supervisor,
      services: needs,
      classifier,
      probes: false,
    });
    supervisor.started();
    const status = () => ({
      version: readVersion(),
      pid: process.pid,
      startedAt: new Date(effects.clock.now()).toISOString(),
      dataDirectory: config.dataDirectory,
      pageUrl: null,
      ingressUrl: null,
      health: supervisor.health(),
    });
    const { clock } = effects;
    const installation = localInstallation({ ...stores, clock, group: classifierGroup(config), status });
    return { ...installation, close: async () => void (await supervisor.stop(stopWithinMs)) };
  } catch (error) {
    await supervisor.stop(stopWithinMs);
    throw error;
  }
}
