import type { ClientConfig } from 'pg';
import { PostgresUnusableError } from './postgres-unusable-error.ts';
import { connectWithinMs } from './session-settings.ts';
import { valueTypes } from './value-types.ts';

export interface ServerAddress {
  /** For messages: host, port and database, without user or password. */
  readonly target: string;
  readonly config: ClientConfig;
  /** The URL's own `options`. */
  readonly options: string;
}

/** libpq's modes that do not depend on what the server happens to offer. */
const sslModes = ['disable', 'require', 'verify-ca', 'verify-full', 'no-verify'];

/**
 * Reads a URL as libpq does (https://www.postgresql.org/docs/current/libpq-connect.html#LIBPQ-CONNSTRING-URIS), with
 * `sslmode`, `sslrootcert`, `sslcert` and `sslkey` in libpq's meaning.
 * @throws PostgresUnusableError, without the URL in its message: it may hold a password
 */
export function readServerAddress(url: string, applicationName: string): ServerAddress {
  let address: URL;
  try {
    address = new URL(url);
  } catch {
    // The cause would quote the URL.
    throw new PostgresUnusableError('the database URL', 'it is not a URL');
  }
  if (address.protocol !== 'postgres:' && address.protocol !== 'postgresql:') {
    throw new PostgresUnusableError('the database URL', 'it does not begin with postgres://');
  }
  const { searchParams } = address;
  const host = searchParams.get('host') ?? decodeURIComponent(address.hostname);
  const port = searchParams.get('port') ?? (address.port || '5432');
  const target = `${host}:${port}${address.pathname}`;
  const sslMode = searchParams.get('sslmode');
  if (sslMode !== null && !sslModes.includes(sslMode)) {
    throw new PostgresUnusableError(target, `sslmode must be one of ${sslModes.join(', ')}`);
  }
  // Without it pg takes `require` for `verify-full`, and warns about that on standard error.
  if (sslMode !== null && !searchParams.has('uselibpqcompat')) searchParams.set('uselibpqcompat', 'true');
  const options = searchParams.get('options') ?? '';
  // What stands in the URL would win over what is set beside it.
  searchParams.delete('options');
  searchParams.delete('application_name');
  return {
    target,
    options,
    config: {
      connectionString: address.href,
      application_name: applicationName,
      connectionTimeoutMillis: connectWithinMs,
      keepAlive: true,
      keepAliveInitialDelayMillis: 10_000,
      types: valueTypes,
    },
  };
}
