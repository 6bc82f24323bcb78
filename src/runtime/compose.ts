import type { Classifier } from '../classification/classifier.ts';
import { openLocalClassifier } from '../classification/local/local-classifier.ts';
import type { Database } from '../database/database.ts';
import { expireLeases } from '../database/leases.ts';
import { migrate } from '../database/migrate.ts';
import { lockDataDirectory } from '../database/pglite/data-directory-lock.ts';
import { openPglite } from '../database/pglite/open-pglite.ts';
import type { Effects } from '../effects/effects.ts';
import { openEmbeddedLog } from '../log/embedded/embedded-log.ts';
import type { EventLog } from '../log/event-log.ts';
import type { Config } from './config.ts';
import { dataPaths } from './data-paths.ts';
import { makeDirectory } from './make-directory.ts';
import { Refusal } from './refusal.ts';
import type { Supervisor } from './supervisor.ts';

// The only file that names concrete drivers of the ports.

export interface Stores {
  readonly log: EventLog;
  readonly database: Database;
}

/**
 * Takes the data directory for this process. Two processes on it would corrupt it silently, so everything that opens
 * files comes after this.
 * @throws Refusal when another process holds it, after waiting for one that is going away
 */
export async function takeDataDirectory(config: Config, effects: Effects, supervisor: Supervisor) {
  const directory = config.dataDirectory;
  await makeDirectory(directory).catch((error: NodeJS.ErrnoException) => {
    throw new Refusal(
      `DISPATCHAI_DATA_DIR: ${directory} cannot be made (${error.code}); set it to another directory`,
    );
  });
  return await supervisor.open(
    'data directory',
    async () => {
      const lock = await lockDataDirectory(directory, {
        clock: effects.clock,
        description: `process ${process.pid}`,
      });
      if (lock.kind === 'locked') return lock;
      throw new Refusal(
        `${directory} is in use by ${lock.by}. The embedded log and database belong to one process: ` +
          'stop that one, or set DISPATCHAI_DATA_DIR to another directory.',
      );
    },
    (lock) => lock.release(),
  );
}

/** Opens log and database, side by side, with the schema up to date. */
export async function openStores(config: Config, effects: Effects, supervisor: Supervisor): Promise<Stores> {
  const lock = await takeDataDirectory(config, effects, supervisor);
  const paths = dataPaths(config.dataDirectory);
  const opening = [
    supervisor.open(
      'event log',
      () => openEmbeddedLog({ ...named(effects, 'log'), file: paths.log, profile: config.profile }),
      (log) => log.close(),
    ),
    supervisor.open(
      'database',
      () => openPglite({ ...named(effects, 'database'), directory: paths.database, lock }),
      (database) => database.close(),
    ),
  ] as const;
  // Settled, not raced: when one fails the other must be known before everything is released.
  await Promise.allSettled(opening);
  const [log, database] = await Promise.all(opening);
  const migrated = await migrate(database);
  if (migrated.kind === 'newer') throw new Refusal(migrated.message);
  if (migrated.applied.length > 0) {
    effects.logger.info({ migrations: migrated.applied }, 'database schema brought up to date');
  }
  await expireLeases(database);
  return { log, database };
}

export function openClassifier(effects: Effects, supervisor: Supervisor): Promise<Classifier> {
  return supervisor.open(
    'local model',
    () => openLocalClassifier({ logger: named(effects, 'classifier').logger }),
    (classifier) => classifier.close(),
  );
}

/** The effects with the logger of one part. */
export const named = <Given extends Effects>(effects: Given, service: string): Given => ({
  ...effects,
  logger: effects.logger.child({ service }),
});
