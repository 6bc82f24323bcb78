import type { Health } from '../contracts/health.ts';
import { openProbe } from '../services/probe.ts';
import type { Config } from './config.ts';
import type { RuntimeEffects } from './effects.ts';
import type { ServiceName } from './service-names.ts';
import type { Supervisor } from './supervisor.ts';

export interface ServicePort {
  readonly host: string;
  readonly port: number;
  /** Of the environment. */
  readonly variable: string;
}

/** Where each service listens, for its work or for its health alone. */
export function portOf(config: Config, name: ServiceName): ServicePort {
  const { host } = config.gateway;
  switch (name) {
    case 'ingress':
      return { ...config.ingress, variable: 'INGRESS_PORT' };
    case 'gateway':
      return { ...config.gateway, variable: 'GATEWAY_PORT' };
    case 'classifier':
      return { host, port: config.classifierPort, variable: 'CLASSIFIER_PORT' };
    case 'relay':
      return { host, port: config.relayPort, variable: 'RELAY_PORT' };
    case 'scheduler':
      return { host, port: config.schedulerPort, variable: 'SCHEDULER_PORT' };
  }
}

export interface OpenPorts {
  readonly config: Config;
  readonly effects: RuntimeEffects;
  readonly supervisor: Supervisor;
  readonly services: readonly ServiceName[];
}

/** Gives a port to the service whose it is; to be called right before the service listens. */
export type HandOver = (name: ServiceName) => Promise<void>;

/**
 * Opens what tells about health before anything else: a process that waits for its broker says so. Ingress and
 * gateway listen for themselves; where their start can take long, somebody answers in their place until then.
 */
export async function openPorts({ config, effects, supervisor, services }: OpenPorts): Promise<HandOver> {
  const health = (): Health => supervisor.health();
  const metrics = () => effects.meter.text();
  const early = new Map<ServiceName, { close(): Promise<void> }>();
  for (const name of services) {
    const address = portOf(config, name);
    if (name === 'ingress' || name === 'gateway') {
      // A free port would be another one the second time.
      if (address.port === 0 || !canTakeLong(config)) continue;
      const opened = await supervisor.open(
        `early port of ${name}`,
        () => openProbe({ ...address, health, early: true }),
        (probe) => probe.close(),
      );
      early.set(name, opened);
    } else if (name === 'classifier' || services.length === 1) {
      // Together with others, their ports answer for relay and scheduler.
      await supervisor.open(
        `port of ${name}`,
        () => openProbe({ ...address, health, metrics }),
        (probe) => probe.close(),
      );
    }
  }
  return async (name) => {
    await early.get(name)?.close();
    early.delete(name);
  };
}

const canTakeLong = ({ log, database }: Config): boolean =>
  log.kind !== 'embedded' || database.kind !== 'embedded';

/** As a browser or a client would write it. */
export const urlOf = ({ host, port }: { readonly host: string; readonly port: number }): string =>
  `http://${host.includes(':') ? `[${host}]` : host}:${port}`;
