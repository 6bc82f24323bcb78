import { networkCodes } from '../effects/network-codes.ts';

/** What PostgreSQL says about an error; https://www.postgresql.org/docs/current/protocol-error-fields.html */
export interface PostgresErrorFields {
  /** SQLSTATE. */
  readonly code: string;
  readonly severity?: string | undefined;
  readonly detail?: string | undefined;
  readonly hint?: string | undefined;
  readonly position?: string | undefined;
  readonly where?: string | undefined;
  readonly schema?: string | undefined;
  readonly table?: string | undefined;
  readonly column?: string | undefined;
  readonly constraint?: string | undefined;
  readonly routine?: string | undefined;
}

/** An error answer of the embedded PostgreSQL, with the field names that `pg` gives its own. */
export class PostgresError extends Error implements PostgresErrorFields {
  override readonly name = 'PostgresError';
  readonly code: string;
  readonly severity: string | undefined;
  readonly detail: string | undefined;
  readonly hint: string | undefined;
  readonly position: string | undefined;
  readonly where: string | undefined;
  readonly schema: string | undefined;
  readonly table: string | undefined;
  readonly column: string | undefined;
  readonly constraint: string | undefined;
  readonly routine: string | undefined;

  constructor(message: string, fields: PostgresErrorFields) {
    super(message);
    this.code = fields.code;
    this.severity = fields.severity;
    this.detail = fields.detail;
    this.hint = fields.hint;
    this.position = fields.position;
    this.where = fields.where;
    this.schema = fields.schema;
    this.table = fields.table;
    this.column = fields.column;
    this.constraint = fields.constraint;
    this.routine = fields.routine;
  }
}

/** The database is closed or its process is gone: nothing more can be asked of this instance. */
export class DatabaseGoneError extends Error {
  override readonly name = 'DatabaseGoneError';
}

/** The database did not answer in time, or no session with it became free in time. It may do so later. */
export class DatabaseUnavailableError extends Error {
  override readonly name = 'DatabaseUnavailableError';
}

/**
 * Whose fault an error is. `world`: the database is away, busy, full, or chose this transaction as a victim; the
 * same work may pass later. `statement`: this work will fail again.
 * Classes: https://www.postgresql.org/docs/current/errcodes-appendix.html
 */
export type DatabaseFault = 'world' | 'statement';

const worldClasses = new Set([
  '08', // connection exception
  '28', // invalid authorization: the operator's to mend
  '3D', // no such database
  '40', // transaction rollback: serialization failure, deadlock
  '53', // insufficient resources: disk full, out of memory, too many connections
  '57', // operator intervention: shutdown, cancelled
  '58', // system error: I/O
]);

const worldStates = new Set([
  '25006', // read-only transaction: a standby after a failover
  '25P03', // idle-in-transaction time-out
  '25P04', // transaction time-out
  '42501', // insufficient privilege
  '55006', // object in use
  '55P03', // lock not available
  // The rest of class XX is what PostgreSQL has no name for. One value can be the cause (a memory request that is out
  // of all bounds), so whoever halves a batch may find it; where the server itself is ill, storing the finding fails too.
  'XX001', // data corrupted
  'XX002', // index corrupted
]);

const worldCodes = new Set<string>([...networkCodes, 'ENOSPC']);

const connectionMessages =
  /connection (terminated|ended)|client (has encountered a connection error|was closed)|timeout (expired|exceeded)|read timeout|SSL connection/i;

/** What is no database error at all counts as the statement's: work that throws will throw again. */
export function classifyDatabaseError(error: unknown): DatabaseFault {
  if (error instanceof DatabaseGoneError || error instanceof DatabaseUnavailableError) return 'world';
  if (!(error instanceof Error)) return 'statement';
  const code = 'code' in error && typeof error.code === 'string' ? error.code : '';
  if (worldCodes.has(code)) return 'world';
  if (isStalePlan(error)) return 'world';
  if (/^[0-9A-Z]{5}$/.test(code)) {
    return worldStates.has(code) || worldClasses.has(code.slice(0, 2)) ? 'world' : 'statement';
  }
  // pg says by message alone that it could not connect, or lost the connection under a running query.
  if (connectionMessages.test(error.message)) return 'world';
  return error.cause === undefined ? 'statement' : classifyDatabaseError(error.cause);
}

/** A prepared statement whose table a migration changed: it runs once it is prepared anew. */
export const isStalePlan = (error: unknown): boolean =>
  error instanceof Error && 'routine' in error && error.routine === 'RevalidateCachedQuery';
