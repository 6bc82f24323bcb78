import { existsSync } from 'node:fs';
import type { EventLog } from '../log/event-log.ts';
import { openClassifier, openStores } from './compose.ts';
import { type Config, isEmbedded } from './config.ts';
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
 * The installation that the configuration names: served stores themselves, or an embedded one's running server when
 * one answers, else its files, opened under the lock. `needs` are the services that the command cannot do without
 * (the relay to publish a deletion); whoever runs already has them.
 * @throws Refusal when somebody holds the files and does not answer, there are none, or a server cannot be reached
 */
export async function openInstallation(
  config: Config,
  effects: RuntimeEffects,
  needs: readonly ServiceName[],
): Promise<OpenedInstallation> {
  if (isEmbedded(config)) {
    const paths = dataPaths(config);
    const running = await connectToServer(paths.socket);
    if (running && running.status.health.status !== 'stopping') {
      return { ...running.installation, close: async () => undefined };
    }
    const file = config.log.kind === 'embedded' ? paths.log : paths.database;
    if (!existsSync(file)) {
      throw new Refusal(`there is nothing in ${config.dataDirectory} yet: start with \`dispatchai up\``);
    }
  }
  return await openHere(config, effects, needs);
}

async function openHere(
  config: Config,
  effects: RuntimeEffects,
  needs: readonly ServiceName[],
): Promise<OpenedInstallation> {
  const supervisor = new Supervisor(effects, needs);
  try {
    const open = { config, effects, supervisor, patience: { kind: 'none' }, role: 'command' } as const;
    const stores = await openStores(open);
    const services = await lacking(needs, config, stores.log);
    const classifier = services.includes('classifier') ? await openClassifier(effects, supervisor) : null;
    const { startServices } = await import('./start-services.ts');
    const handOver = async () => undefined;
    await startServices({ ...open, ...stores, effects, services, classifier, handOver });
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

/** A relay waits for its lease, but a classifier would take partitions from those that are at work. */
async function lacking(
  needs: readonly ServiceName[],
  config: Config,
  log: EventLog,
): Promise<readonly ServiceName[]> {
  if (isEmbedded(config) || !needs.includes('classifier')) return needs;
  const group = (await log.groups()).find((each) => each.group === classifierGroup(config));
  return group?.state === 'active' ? needs.filter((name) => name !== 'classifier') : needs;
}
