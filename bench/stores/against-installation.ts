import { RunningServer } from '../../test/running-server.ts';
import { RunningServices } from '../../test/running-services.ts';
import type { BenchStores } from './bench-stores.ts';
import { openInstallationStores } from './installation-stores.ts';

type Environment = Readonly<Record<string, string>>;

/** Works against `dispatchai up` on empty stores, and removes both afterwards. */
export function againstUp<T>(stores: BenchStores, work: (server: RunningServer) => Promise<T>): Promise<T> {
  return onEmptyStores(stores, async (environment) => {
    const server = await RunningServer.create(environment);
    try {
      await server.start();
      return await work(server);
    } finally {
      await server.remove();
    }
  });
}

/** The same with a process for each service; only for served stores. */
export function againstServices<T>(
  stores: BenchStores,
  work: (services: RunningServices) => Promise<T>,
): Promise<T> {
  return onEmptyStores(stores, async (environment) => {
    const services = await RunningServices.start(['ingress', 'classifier', 'relay', 'gateway'], environment);
    try {
      return await work(services);
    } finally {
      await services.remove();
    }
  });
}

async function onEmptyStores<T>(
  stores: BenchStores,
  work: (environment: Environment) => Promise<T>,
): Promise<T> {
  const own = await openInstallationStores(stores);
  try {
    return await work({ ...own.environment, LOG_LEVEL: 'warn' });
  } finally {
    await own.remove();
  }
}
