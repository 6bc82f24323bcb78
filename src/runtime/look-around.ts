import { Health } from '../contracts/health.ts';
import { type LeaseHolder, readLeaseHolders } from '../database/lease-holders.ts';
import { checkConsistency } from '../operations/check-consistency.ts';
import { openStores } from './compose.ts';
import type { Config } from './config.ts';
import type { RuntimeEffects } from './effects.ts';
import { classifierGroup } from './groups.ts';
import { portOf, urlOf } from './ports.ts';
import { type ServiceName, serviceNames } from './service-names.ts';
import { Supervisor } from './supervisor.ts';

export interface NearbyService {
  readonly name: ServiceName;
  readonly url: string;
  /** Null when nobody answers on the configured port. */
  readonly health: Health | null;
}

export interface ClusterStatus {
  /** On the configured ports of this machine. */
  readonly nearby: readonly NearbyService[];
  readonly group: string;
  /** Wherever they run. */
  readonly classifiers: readonly { readonly member: string; readonly partitions: number }[];
  /** Of relay and scheduler. */
  readonly leases: readonly LeaseHolder[];
  readonly lag: number;
  /** Somebody classifies and somebody publishes, and whoever answers here is ready. */
  readonly ready: boolean;
}

const answerWithinMs = 1_000;
const stopWithinMs = 5_000;

/**
 * What can be seen of an installation on served stores from here: the configured ports, and what log and database
 * know of the processes that use them.
 * @throws Refusal when log or database cannot be reached
 */
export async function lookAround(config: Config, effects: RuntimeEffects): Promise<ClusterStatus> {
  const nearby = await Promise.all(serviceNames.map((name) => askNearby(config, name)));
  const supervisor = new Supervisor(effects, []);
  try {
    const patience = { kind: 'none' } as const;
    const stores = await openStores({ config, effects, supervisor, patience, role: 'status' });
    const group = classifierGroup(config);
    const none = { count: 0, sample: [], repair: null, checkedAt: null };
    const [leases, groups, consistency] = await Promise.all([
      readLeaseHolders(stores.database.queries),
      stores.log.groups(),
      checkConsistency({ ...stores, group }, none),
    ]);
    const members = groups.find((each) => each.group === group)?.members ?? [];
    const classifiers = members.map(({ member, partitions }) => ({ member, partitions: partitions.length }));
    const relayed = leases.some(({ name, holder }) => name === 'relay' && holder !== null);
    const healthy = nearby.every(({ health }) => health === null || health.status === 'ready');
    const ready = classifiers.length > 0 && relayed && healthy;
    return { nearby, group, classifiers, leases, lag: consistency.kafka_consumer_lag, ready };
  } finally {
    await supervisor.stop(stopWithinMs);
  }
}

async function askNearby(config: Config, name: ServiceName): Promise<NearbyService> {
  const { host, port } = portOf(config, name);
  const url = urlOf({ host: host === '0.0.0.0' || host === '::' ? '127.0.0.1' : host, port });
  const asked = fetch(`${url}/health`, { signal: AbortSignal.timeout(answerWithinMs) });
  const health = await asked.then(readHealth, () => null);
  return { name, url, health };
}

/** Somebody else's server on the port is nobody. */
async function readHealth(response: Response): Promise<Health | null> {
  const parsed = Health.safeParse(await response.json().catch(() => null));
  return parsed.success ? parsed.data : null;
}
