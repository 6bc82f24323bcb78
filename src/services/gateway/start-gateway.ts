import type { AddressInfo } from 'node:net';
import type { Consistency } from '../../contracts/health.ts';
import { countMissing } from '../../operations/count-missing.ts';
import { asPortInUse } from '../listen.ts';
import type { Service } from '../service.ts';
import { buildApp } from './build-app.ts';
import { DatabaseWatch } from './database-watch.ts';
import { Feed } from './feed/feed.ts';
import type { GatewayContext } from './gateway-context.ts';
import { isLoopback } from './security/host.ts';

export interface GatewayOptions extends Omit<GatewayContext, 'missing'> {
  readonly host: string;
  /** 0 takes a free port. */
  readonly port: number;
  /** Required when `host` is not loopback. */
  readonly token: string | null;
  /** The built page; null when there is none. */
  readonly pageDirectory: string | null;
}

export interface Gateway extends Service {
  readonly url: string;
  readonly port: number;
}

const countEveryMs = 60_000;

/**
 * Serves REST, the feed, the page and the health reports.
 * @throws PortInUseError
 */
export async function startGateway(options: GatewayOptions): Promise<Gateway> {
  const { host, port, token, pageDirectory, database, effects } = options;
  if (token === '' || (token === null && !isLoopback(host))) {
    throw new Error(`${host} can be reached from other machines: set DISPATCHAI_TOKEN, or HOST to 127.0.0.1`);
  }
  const logger = effects.logger.child({ service: 'gateway' });
  const stopping = new AbortController();
  let missing: Consistency['missing'] = { count: 0, sample: [], repair: null, checkedAt: null };
  const context: GatewayContext = { ...options, effects: { ...effects, logger }, missing: () => missing };
  const feed = new Feed({ ...context, status: () => options.health().status });
  const app = await buildApp({ context, feed, host, token, pageDirectory });
  await app.listen({ host, port }).catch((error: unknown) => {
    throw asPortInUse(error, { host, port, variable: 'GATEWAY_PORT' });
  });
  feed.start();
  const watch = new DatabaseWatch(database, context.effects);
  const watching = watch.run(stopping.signal);

  const counting = (async () => {
    while (!stopping.signal.aborted) {
      await countMissing({ queries: database.queries, clock: effects.clock }, stopping.signal).then(
        (counted) => {
          missing = counted;
        },
        (error: unknown) => logger.warn({ error }, 'Missing issues could not be counted'),
      );
      await effects.clock.sleep(countEveryMs, stopping.signal);
    }
  })();

  const address = app.server.address() as AddressInfo;
  const name = address.family === 'IPv6' ? `[${address.address}]` : address.address;
  return {
    name: 'gateway',
    url: `http://${name}:${address.port}`,
    port: address.port,
    readiness: () => {
      if (stopping.signal.aborted) return { ready: false, reason: 'The gateway stops.' };
      const database = watch.readiness();
      return database.ready ? feed.readiness() : database;
    },
    stop: async () => {
      stopping.abort();
      await feed.stop();
      await app.close();
      await Promise.all([counting, watching]);
    },
  };
}
