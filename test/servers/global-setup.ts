import type { TestProject } from 'vitest/node';
import { KafkaServer } from './kafka-server.ts';
import { PostgresServer } from './postgres-server.ts';

declare module 'vitest' {
  export interface ProvidedContext {
    /** Bootstrap servers of a Kafka that all tests share: topics and groups need names of their own. */
    kafka: string;
    /** A superuser's URL of a PostgreSQL with pgvector that all tests share: each needs a database of its own. */
    databaseUrl: string;
  }
}

/** Once a run, before the first test that needs them: the servers that tests share. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const { TEST_KAFKA, TEST_DATABASE_URL } = process.env;
  const [kafka, postgres] = await Promise.all([
    TEST_KAFKA ? null : KafkaServer.start(),
    TEST_DATABASE_URL ? null : PostgresServer.start(),
  ]);
  project.provide('kafka', TEST_KAFKA ?? kafka?.bootstrapServers ?? '');
  project.provide('databaseUrl', TEST_DATABASE_URL ?? postgres?.url ?? '');
  return async () => {
    await Promise.all([kafka?.remove(), postgres?.remove()]);
  };
}
