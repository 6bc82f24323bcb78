import { hostname } from 'node:os';
import type { Classifier } from '../classification/classifier.ts';
import { openLocalClassifier } from '../classification/local/local-classifier.ts';
import type { TopicName } from '../contracts/topics.ts';
import type { Database } from '../database/database.ts';
import { expireLeases } from '../database/leases.ts';
import type { DataDirectoryLock } from '../database/pglite/data-directory-lock.ts';
import type { Effects } from '../effects/effects.ts';
import type { EventLog } from '../log/event-log.ts';
import type { TopicAdministration } from '../log/topic-administration.ts';
import { bringUpToDate } from './bring-up-to-date.ts';
import { type Config, isEmbedded } from './config.ts';
import { dataPaths } from './data-paths.ts';
import { judgeOpenFailure } from './judge-open-failure.ts';
import { makeDirectory } from './make-directory.ts';
import { openTogether } from './open-together.ts';
import { prepareTopics } from './prepare-topics.ts';
import { type Patience, reach } from './reach.ts';
import { Refusal } from './refusal.ts';
import type { DatabaseConfig, LogConfig } from './store-configuration.ts';
import type { Supervisor } from './supervisor.ts';

// The only file that names concrete drivers of the ports. They are loaded when they are asked for: each costs memory
// and a part of a start.

export interface Stores {
  readonly log: EventLog;
  readonly database: Database;
}

export interface OpenStores {
  readonly config: Config;
  readonly effects: Effects;
  readonly supervisor: Supervisor;
  /** With served stores that do not answer. */
  readonly patience: Patience;
  /** What this process is, for those who look at broker and database. */
  readonly role: string;
}

type Kafka = Extract<LogConfig, { readonly kind: 'kafka' }>;
type Postgres = Extract<DatabaseConfig, { readonly kind: 'postgres' }>;

/**
 * Takes the data directory for this process. Two processes on it would corrupt it silently, so everything that opens
 * files comes after this.
 * @throws Refusal when another process holds it, after waiting for one that is going away
 */
async function takeDataDirectory(
  config: Config,
  effects: Effects,
  supervisor: Supervisor,
): Promise<DataDirectoryLock> {
  const directory = config.dataDirectory;
  await makeDirectory(directory).catch((error: NodeJS.ErrnoException) => {
    throw new Refusal(
      `DISPATCHAI_DATA_DIR: ${directory} cannot be made (${error.code}); set it to another directory`,
    );
  });
  const { lockDataDirectory } = await import('../database/pglite/data-directory-lock.ts');
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

/** Opens log and database, side by side, with topics and schema up to date. */
export async function openStores(options: OpenStores): Promise<Stores> {
  const { config, effects, supervisor } = options;
  const lock = isEmbedded(config) ? await takeDataDirectory(config, effects, supervisor) : null;
  return await openTogether(options, (together) => ({
    log: openLog(together),
    database: supervisor.open(
      'database',
      () =>
        config.database.kind === 'postgres' ? openServed(together, config.database) : openOwn(together, lock),
      (database) => database.close(),
    ),
  }));
}

/** The log alone; an embedded one belongs to whoever holds the lock of its directory. */
export function openLog(options: OpenStores): Promise<EventLog> {
  const { config, supervisor } = options;
  return supervisor.open(
    'event log',
    () => (config.log.kind === 'kafka' ? openKafka(options, config.log) : openEmbeddedLog(options)),
    (log) => log.close(),
  );
}

async function openEmbeddedLog({ config, effects }: OpenStores): Promise<EventLog> {
  const { openEmbeddedLog: open } = await import('../log/embedded/embedded-log.ts');
  const file = dataPaths(config).log;
  return await open({ ...named(effects, 'log'), file, profile: config.profile });
}

async function openOwn({ config, effects }: OpenStores, lock: DataDirectoryLock | null): Promise<Database> {
  if (lock === null) throw new Error('the embedded database is opened under the lock');
  const { openPglite } = await import('../database/pglite/open-pglite.ts');
  const directory = dataPaths(config).database;
  const database = await openPglite({ ...named(effects, 'database'), directory, lock });
  await bringUpToDate(database, effects);
  await expireLeases(database);
  return database;
}

async function openServed(options: OpenStores, { url, schema, connections }: Postgres): Promise<Database> {
  const { config, patience, role } = options;
  const { openPostgres } = await import('../database/postgres/open-postgres.ts');
  const effects = named(options.effects, 'database');
  const applicationName = `${config.groupId} ${role}`;
  return await reach({
    store: 'database',
    open: async () => {
      const database = await openPostgres({ ...effects, url, schema, connections, applicationName });
      try {
        await bringUpToDate(database, effects);
      } catch (error) {
        await database.close();
        throw error;
      }
      return database;
    },
    judge: (error) => judgeOpenFailure('database', config, error),
    patience,
    effects,
  });
}

/** A served database as it is, for somebody who looks at it; nothing is made or migrated. */
export async function openAsItIs(config: Config, effects: Effects, role: string): Promise<Database> {
  if (config.database.kind !== 'postgres')
    throw new Error('an embedded database is looked at by its own process');
  const { openPostgres } = await import('../database/postgres/open-postgres.ts');
  const { url, schema } = config.database;
  const applicationName = `${config.groupId} ${role}`;
  return await openPostgres({ ...effects, url, schema, asItIs: true, connections: 1, applicationName });
}

async function openKafka(options: OpenStores, kafka: Kafka): Promise<EventLog> {
  const { config, patience, role } = options;
  const { openKafkaLog } = await import('../log/kafka/open-kafka-log.ts');
  const effects = named(options.effects, 'log');
  return await reach({
    store: 'event log',
    open: async () => {
      const wanted = {
        config,
        names: kafka.topicNames,
        logger: effects.logger,
        serves: patience.kind === 'endless',
      };
      await prepareTopics(wanted, (names) => openTopics(config, effects, role, names));
      return await openKafkaLog({ ...kafka, ...effects, clientId: clientId(config, role) });
    },
    judge: (error) => judgeOpenFailure('event log', config, error),
    patience,
    effects,
  });
}

/**
 * A log of its own on the same broker, under other names; the log of an installation beside this one, say.
 * @param topicNames all of them have to exist
 */
export async function openLogUnder(
  options: OpenStores,
  topicNames: Readonly<Record<TopicName, string>>,
): Promise<EventLog> {
  const { config, patience, role, supervisor } = options;
  const kafka = config.log;
  if (kafka.kind !== 'kafka') throw new Error('the embedded log has one set of topics');
  const { openKafkaLog } = await import('../log/kafka/open-kafka-log.ts');
  const effects = named(options.effects, 'log');
  return await supervisor.open(
    'another log',
    () =>
      reach({
        store: 'another log',
        open: () => openKafkaLog({ ...kafka, ...effects, topicNames, clientId: clientId(config, role) }),
        judge: (error) => judgeOpenFailure('event log', config, error),
        patience,
        effects,
      }),
    (log) => log.close(),
  );
}

/** @param names of the topics on the broker */
export async function openTopics(
  config: Config,
  effects: Pick<Effects, 'logger'>,
  role: string,
  names: Readonly<Record<TopicName, string>>,
): Promise<TopicAdministration> {
  if (config.log.kind !== 'kafka') throw new Error('the embedded log declares its own topics');
  const { openKafkaTopics } = await import('../log/kafka/open-kafka-topics.ts');
  const { connection } = config.log;
  return await openKafkaTopics({
    connection,
    clientId: clientId(config, role),
    topicNames: names,
    logger: effects.logger,
  });
}

export function openClassifier(effects: Effects, supervisor: Supervisor): Promise<Classifier> {
  return supervisor.open(
    'local model',
    () => openLocalClassifier({ logger: named(effects, 'classifier').logger }),
    (classifier) => classifier.close(),
  );
}

const clientId = ({ groupId }: Config, role: string): string =>
  `${groupId}-${role}-${hostname()}-${process.pid}`;

/** The effects with the logger of one part. */
export const named = <Given extends Effects>(effects: Given, service: string): Given => ({
  ...effects,
  logger: effects.logger.child({ service }),
});
