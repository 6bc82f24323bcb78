import type { Clock } from '../../effects/clock.ts';
import type { Logger } from '../../effects/telemetry.ts';
import { readServerAddress } from './connection-config.ts';
import { PostgresDatabase } from './postgres-database.ts';
import { PostgresSession } from './postgres-session.ts';
import { PostgresUnusableError } from './postgres-unusable-error.ts';
import { prepareDatabase } from './prepare-database.ts';
import { startupOptions } from './session-settings.ts';
import { StatementNames } from './statement-names.ts';

export interface PostgresOptions {
  /** `postgres://user:password@host:port/database?sslmode=…`; never logged. */
  readonly url: string;
  /** Made when it is not there. */
  readonly schema: string;
  /** For somebody who only looks: neither schema nor extension is made. */
  readonly asItIs?: boolean;
  /** Most sessions at once, one or more; the one that listens comes on top. */
  readonly connections: number;
  /** Shown in `pg_stat_activity`. */
  readonly applicationName: string;
  readonly clock: Clock;
  readonly logger: Logger;
}

/**
 * Opens a served PostgreSQL, 15 or newer, and makes the schema when it is not there; tables come by `migrate`. What is
 * opened survives restarts of the server: statements fail meanwhile, and nothing has to be opened again.
 * @throws PostgresUnusableError when it cannot be reached, or is not fit for use. Its cause tells by
 *   `classifyDatabaseError` whether another try may succeed.
 */
export async function openPostgres(options: PostgresOptions): Promise<PostgresDatabase> {
  const { schema, asItIs = false, clock, logger } = options;
  if (!/^[a-z_][a-z0-9_]{0,62}$/.test(schema)) throw new TypeError(`not a schema name: ${schema}`);
  const { target, config, options: own } = readServerAddress(options.url, options.applicationName);
  const names = new StatementNames();
  const connect = (searchPath: readonly string[]) =>
    PostgresSession.connect({ ...config, options: `${own} ${startupOptions(searchPath)}` }, clock, names);
  const prepared = await prepare(() => connect([schema, 'public'])).catch((error: unknown) => {
    throw new PostgresUnusableError(target, reasonOf(error), { cause: error });
  });
  if (prepared.kind === 'unusable') throw new PostgresUnusableError(target, prepared.reason);
  const { vectorSchema } = prepared;
  const searchPath = new Set([schema, 'public', vectorSchema ?? 'public']);
  return new PostgresDatabase({
    connect: () => connect([...searchPath]),
    connections: options.connections,
    vectors: vectorSchema !== null,
    clock,
    logger,
  });

  async function prepare(open: () => Promise<PostgresSession>) {
    const session = await open();
    try {
      return await prepareDatabase(session, schema, logger, asItIs ? 'look' : 'make');
    } finally {
      await session.end();
    }
  }
}

/** An attempt at several addresses of one host fails with an error whose own message is empty. */
function reasonOf(error: unknown): string {
  if (error instanceof AggregateError && error.message === '') return error.errors.map(reasonOf).join('; ');
  return error instanceof Error ? error.message : String(error);
}
