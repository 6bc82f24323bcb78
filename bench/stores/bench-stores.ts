import { KafkaServer } from '../../test/servers/kafka-server.ts';
import { PostgresServer } from '../../test/servers/postgres-server.ts';

/** What the measures of a run stand on. */
export type BenchStores = { readonly kind: 'embedded' } | ServedStores;

export interface ServedStores {
  readonly kind: 'served';
  /** Bootstrap servers. */
  readonly kafka: string;
  /** A superuser's: each measure makes a database of its own. */
  readonly databaseUrl: string;
}

/** Starts the servers that the environment does not name; those are removed by `close`. */
export async function openBenchStores(
  kind: BenchStores['kind'],
): Promise<{ readonly stores: BenchStores; close(): Promise<void> }> {
  if (kind === 'embedded') return { stores: { kind }, close: async () => undefined };
  const { TEST_KAFKA, TEST_DATABASE_URL } = process.env;
  const [kafka, postgres] = await Promise.all([
    TEST_KAFKA ? null : KafkaServer.start(),
    TEST_DATABASE_URL ? null : PostgresServer.start(),
  ]);
  return {
    stores: {
      kind,
      kafka: TEST_KAFKA ?? kafka?.bootstrapServers ?? '',
      databaseUrl: TEST_DATABASE_URL ?? postgres?.url ?? '',
    },
    close: async () => {
      await Promise.all([kafka?.remove(), postgres?.remove()]);
    },
  };
}
