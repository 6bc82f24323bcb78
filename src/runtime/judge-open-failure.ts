import { classifyDatabaseError } from '../database/database-error.ts';
import { networkCodes } from '../effects/network-codes.ts';
import type { Config } from './config.ts';

/** Why a served store could not be opened. */
export type OpenFailure =
  /** It may come yet: not started, starting, restarting, or the network is. */
  | { readonly kind: 'away'; readonly reason: string }
  /** It is there and refuses, until a person changes something; the message names what. */
  | { readonly kind: 'refused'; readonly message: string }
  /** A defect, or nothing that is known here. */
  | { readonly kind: 'unknown' };

type Served = 'event log' | 'database';

/** The codes of what does not answer. */
const awayCodes = new Set<string>([
  ...networkCodes,
  // PostgreSQL: starting or shutting down, out of connections.
  '57P01',
  '57P02',
  '57P03',
  '53300',
  'PLT_KFK_NETWORK',
  'PLT_KFK_TIMEOUT',
  // Kafka: the cluster is coming up or elects.
  'LEADER_NOT_AVAILABLE',
  'NOT_LEADER_OR_FOLLOWER',
  'NOT_CONTROLLER',
  'COORDINATOR_NOT_AVAILABLE',
  'COORDINATOR_LOAD_IN_PROGRESS',
  'BROKER_NOT_AVAILABLE',
  'REQUEST_TIMED_OUT',
  'NOT_ENOUGH_REPLICAS',
  'INVALID_REPLICATION_FACTOR',
]);
const awayNames = new Set(['LogUnavailableError', 'DatabaseUnavailableError', 'DatabaseGoneError']);
const certificateCodes =
  /^(ERR_TLS|ERR_SSL|CERT_|DEPTH_ZERO|SELF_SIGNED|UNABLE_TO_(VERIFY|GET)|HOSTNAME_MISMATCH)/;

const refusals: Readonly<Record<string, string>> = {
  '28P01': 'DATABASE_URL: the server does not accept this user and password',
  '28000': 'DATABASE_URL: the server does not let this user in',
  '3D000': 'DATABASE_URL: this database does not exist',
  '42501': 'DATABASE_URL: this user may not do what is needed',
  PLT_KFK_AUTHENTICATION:
    'KAFKA_SASL_USERNAME, KAFKA_SASL_PASSWORD: the broker does not accept them, or not by KAFKA_SASL_MECHANISM',
  SASL_AUTHENTICATION_FAILED: 'KAFKA_SASL_USERNAME, KAFKA_SASL_PASSWORD: the broker does not accept them',
  UNSUPPORTED_SASL_MECHANISM: 'KAFKA_SASL_MECHANISM: the broker does not offer it',
  CLUSTER_AUTHORIZATION_FAILED: 'KAFKA_SASL_USERNAME: the broker does not let this user do what is needed',
  TOPIC_AUTHORIZATION_FAILED: 'KAFKA_SASL_USERNAME: the broker does not let this user at the topics',
  GROUP_AUTHORIZATION_FAILED: 'KAFKA_SASL_USERNAME: the broker does not let this user into the group',
};

/** Judges by the whole tree of errors: clients wrap what went wrong, some of them twice. */
export function judgeOpenFailure(served: Served, config: Config, error: unknown): OpenFailure {
  const found = flatten(error);
  for (const { code, message } of found) {
    const refusal = refusals[code];
    if (refusal) return { kind: 'refused', message: `${refusal} (${message}${aboutTls(code, config)})` };
    if (certificateCodes.test(code)) {
      const names = served === 'database' ? 'DATABASE_URL, sslmode' : 'KAFKA_TLS_CA, KAFKA_TLS_SERVERNAME';
      return { kind: 'refused', message: `${names}: no TLS connection could be made (${message})` };
    }
  }
  // The innermost one says most.
  const away =
    found.findLast(({ code, name }) => awayCodes.has(code) || awayNames.has(name)) ??
    (isWorlds(error) ? found.at(-1) : undefined);
  if (away) {
    const detail = `${away.message}${hint(served, away.message)}`;
    return { kind: 'away', reason: `${targetOf(served, config)} cannot be reached (${detail})` };
  }
  const unusable = found.find(({ name }) => name === 'PostgresUnusableError');
  return unusable ? { kind: 'refused', message: `DATABASE_URL: ${unusable.message}` } : { kind: 'unknown' };
}

/** A listener that wants TLS takes the first bytes of a plain handshake for an answer that makes no sense. */
const aboutTls = (code: string, { log }: Config): string =>
  code === 'PLT_KFK_AUTHENTICATION' && log.kind === 'kafka' && log.connection.tls === undefined
    ? ' Does this port want KAFKA_TLS=true?'
    : '';

/** A broker that is asked in another way than its listener wants hangs up, and says no more. */
function hint(served: Served, message: string): string {
  if (served !== 'event log') return '';
  if (/before secure TLS connection/i.test(message)) return '; is KAFKA_TLS right for this port?';
  return /^connection closed/i.test(message)
    ? '; are KAFKA_TLS and KAFKA_SASL_MECHANISM right for this port?'
    : '';
}

/** `pg` says by message alone that it could not connect in time. */
const isWorlds = (error: unknown): boolean => classifyDatabaseError(error) === 'world';

/** What is to be reached, by the variable that says so; never with a user or a password. */
export function targetOf(served: Served, { log, database }: Config): string {
  if (served === 'event log') {
    const servers = log.kind === 'kafka' ? log.connection.bootstrapServers.join(', ') : 'embedded';
    return `the broker ${servers} (KAFKA_BOOTSTRAP_SERVERS)`;
  }
  return `the database ${database.kind === 'postgres' ? databasePlace(database.url) : 'embedded'} (DATABASE_URL)`;
}

/** Host and database of a URL. */
export function databasePlace(url: string): string {
  const { host, pathname, searchParams } = new URL(url);
  return `${searchParams.get('host') ?? host}${pathname}`;
}

interface Found {
  readonly code: string;
  readonly name: string;
  readonly message: string;
}

/** Outermost first. */
function flatten(error: unknown, depth = 0): readonly Found[] {
  if (!(error instanceof Error) || depth > 8) return [];
  const parts: readonly unknown[] = 'errors' in error && Array.isArray(error.errors) ? error.errors : [];
  const own = [field(error, 'apiId'), field(error, 'code')].filter((code) => code !== '');
  const { name, message } = error;
  return [
    ...(own.length > 0 ? own : ['']).map((code) => ({ code, name, message: firstLine(message || code) })),
    ...parts.flatMap((part) => flatten(part, depth + 1)),
    ...flatten(error.cause, depth + 1),
  ];
}

function field(error: Error, key: string): string {
  const value: unknown = Reflect.get(error, key);
  return typeof value === 'string' ? value : '';
}

const firstLine = (text: string): string => text.split('\n', 1)[0] ?? '';
