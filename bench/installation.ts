import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Classifier } from '../src/classification/classifier.ts';
import { openLocalClassifier } from '../src/classification/local/local-classifier.ts';
import type { Database } from '../src/database/database.ts';
import { migrate } from '../src/database/migrate.ts';
import { lockDataDirectory } from '../src/database/pglite/data-directory-lock.ts';
import { openPglite } from '../src/database/pglite/open-pglite.ts';
import { openPostgres } from '../src/database/postgres/open-postgres.ts';
import { openEmbeddedLog } from '../src/log/embedded/embedded-log.ts';
import type { EventLog } from '../src/log/event-log.ts';
import { openKafkaLog } from '../src/log/kafka/open-kafka-log.ts';
import type { TopicNames } from '../src/log/kafka/topic-directory.ts';
import { quietEffects } from './quiet-effects.ts';

/** Log, database and local model, as `up` or `start` open them, durable like there. */
export interface Installation {
  readonly log: EventLog;
  readonly database: Database;
  readonly classifier: Classifier;
  close(): Promise<void>;
}

const { clock, logger, randomness } = quietEffects;

/** In a directory of its own, which goes with it. */
export async function openEmbeddedInstallation(): Promise<Installation> {
  const directory = await mkdtemp(join(tmpdir(), 'dispatchai-bench-'));
  const lock = await lockDataDirectory(directory, { clock });
  if (lock.kind === 'held') throw new Error(`${directory} is held by ${lock.by}`);
  const file = join(directory, 'log.sqlite');
  const log = await openEmbeddedLog({ file, profile: 'development', clock, logger, randomness });
  const database = await openPglite({ directory: join(directory, 'database'), lock, clock, logger });
  await migrate(database);
  const classifier = await openLocalClassifier({ logger });
  return {
    log,
    database,
    classifier,
    close: async () => {
      await classifier.close();
      await database.close();
      await log.close();
      lock.release();
      await rm(directory, { recursive: true, force: true });
    },
  };
}

/** Topics and a migrated database that others made, and remove. Passed on from process to process. */
export interface ServedPlace {
  readonly kafka: readonly string[];
  readonly topicNames: TopicNames;
  readonly databaseUrl: string;
}

const connections = 10;

export async function openServedInstallation(place: ServedPlace): Promise<Installation> {
  const { kafka: bootstrapServers, topicNames, databaseUrl: url } = place;
  const connection = { bootstrapServers };
  const log = await openKafkaLog({ connection, clientId: 'bench', topicNames, clock, logger, randomness });
  const session = { schema: 'public', connections, applicationName: 'bench' };
  const database = await openPostgres({ url, ...session, clock, logger });
  const classifier = await openLocalClassifier({ logger });
  return {
    log,
    database,
    classifier,
    close: async () => {
      await classifier.close();
      await database.close();
      await log.close();
    },
  };
}
