import { randomUUID } from 'node:crypto';
import { Client } from 'pg';
import { KafkaServer } from './servers/kafka-server.ts';

/** Which driver stands behind each port. */
export interface Combination {
  readonly log: 'embedded' | 'Kafka';
  readonly database: 'embedded' | 'PostgreSQL';
}

/** Those that need a server. */
export const servedCombinations: readonly Combination[] = [
  { log: 'Kafka', database: 'PostgreSQL' },
  { log: 'Kafka', database: 'embedded' },
  { log: 'embedded', database: 'PostgreSQL' },
];

/** Stores of one test: nobody else's, and empty at first. Null is embedded. */
export interface Stores {
  /** Its own, to be killed and started again. */
  readonly kafka: KafkaServer | null;
  readonly databaseUrl: string | null;
  /** What makes a server use them. */
  readonly environment: Readonly<Record<string, string>>;
  remove(): Promise<void>;
}

export const embeddedStores: Stores = {
  kafka: null,
  databaseUrl: null,
  environment: {},
  remove: async () => undefined,
};

/**
 * A broker of its own, since the names of topics and groups are those of production, and a database of its own on the
 * server that `databaseUrl` names.
 */
export async function openStores(combination: Combination, databaseUrl: string): Promise<Stores> {
  const [kafka, database] = await Promise.all([
    combination.log === 'Kafka' ? KafkaServer.start() : null,
    combination.database === 'PostgreSQL' ? createDatabase(databaseUrl) : null,
  ]);
  return {
    kafka,
    databaseUrl: database?.url ?? null,
    environment: {
      ...(kafka && { KAFKA_BOOTSTRAP_SERVERS: kafka.bootstrapServers }),
      ...(database && { DATABASE_URL: database.url }),
    },
    remove: async () => {
      await Promise.all([kafka?.remove(), database?.drop()]);
    },
  };
}

async function createDatabase(server: string) {
  // Letters, digits and underscores alone: a name cannot be a parameter.
  const name = `test_${randomUUID().replaceAll('-', '_')}`;
  await execute(server, `create database ${name}`);
  const url = new URL(server);
  url.pathname = name;
  return { url: url.href, drop: () => execute(server, `drop database ${name} with (force)`) };
}

async function execute(url: string, sql: string): Promise<void> {
  const client = new Client({ connectionString: url });
  await client.connect();
  try {
    await client.query(sql);
  } finally {
    await client.end();
  }
}
