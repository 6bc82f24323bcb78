import { rename } from 'node:fs/promises';
import { join, resolve, sep } from 'node:path';
import type { Clock } from '../../effects/clock.ts';
import type { Logger } from '../../effects/telemetry.ts';
import {
  type ClusterState,
  needsVerification,
  readBootId,
  readClusterState,
  writeClusterState,
} from './cluster-state.ts';
import { createCluster } from './create-cluster.ts';
import type { DataDirectoryLock } from './data-directory-lock.ts';
import { PgliteDatabase } from './pglite-database.ts';
import { PgliteSession } from './pglite-session.ts';

export interface PgliteOptions {
  /** The database's own directory; made when it is not there. */
  readonly directory: string;
  /** Two processes on one directory corrupt it silently: `directory` lies inside the locked one. */
  readonly lock: DataDirectoryLock;
  readonly clock: Clock;
  readonly logger: Logger;
  /** False leaves syncing to the operating system. For scratch databases only. */
  readonly durable?: boolean;
}

/** The machine went down with the database open, and what it left cannot be used. */
export class DamagedDatabaseError extends Error {
  override readonly name = 'DamagedDatabaseError';
  /** Where the damaged files are now. */
  readonly setAside: string;

  constructor(directory: string, setAside: string, cause: unknown) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    super(
      `The embedded database in ${directory} was damaged when the machine went down (${reason}). ` +
        `Its files were set aside in ${setAside}. The next start begins with a new, empty database; ` +
        'the event log is untouched.',
      { cause },
    );
    this.setAside = setAside;
  }
}

/**
 * Opens the embedded PostgreSQL, in a worker thread, and makes it first when it is not there.
 * @throws DamagedDatabaseError when it did not survive a crash of the machine; its files have been set aside
 */
export async function openPglite(options: PgliteOptions): Promise<PgliteDatabase> {
  const directory = resolve(options.directory);
  if (!directory.startsWith(`${resolve(options.lock.directory)}${sep}`)) {
    throw new Error(`${directory} does not lie inside the locked directory ${options.lock.directory}`);
  }
  const cluster = join(directory, 'cluster');
  const stateFile = join(directory, 'state.json');
  const created = (await createCluster(cluster)) === 'created';
  const bootId = await readBootId();
  const state: ClusterState | null = created ? { bootId, clean: true } : await readClusterState(stateFile);
  const verify = needsVerification(state, bootId);
  if (verify) {
    options.logger.warn(
      { directory },
      'the machine went down with the database open: reading all of it once',
    );
  }
  const durable = options.durable ?? true;
  let session: PgliteSession | undefined;
  try {
    session = await PgliteSession.open({ cluster, durable, verifiable: verify });
    if (verify) await session.verify();
  } catch (error) {
    await session?.abandon();
    if (!verify) throw error;
    const time = new Date(options.clock.now()).toISOString().replaceAll(/[-:]|\.\d+/g, '');
    const setAside = `${directory}.damaged-${time}`;
    await rename(directory, setAside);
    throw new DamagedDatabaseError(directory, setAside, error);
  }
  await writeClusterState(stateFile, { bootId, clean: false });
  return new PgliteDatabase(session, {
    created,
    clock: options.clock,
    logger: options.logger,
    closed: () => writeClusterState(stateFile, { bootId, clean: true }),
  });
}
