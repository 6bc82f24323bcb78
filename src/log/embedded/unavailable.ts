import { LogUnavailableError } from '../event-log.ts';

/**
 * SQLite's primary result codes that speak of the machine and not of the call (https://www.sqlite.org/rescode.html):
 * BUSY, LOCKED, NOMEM, READONLY, IOERR, CORRUPT, FULL, CANTOPEN, NOTADB.
 */
const worldly = new Set([5, 6, 7, 8, 10, 11, 13, 14, 26]);

/** The port's error for a fault of the world; any other error as it is. */
export function asUnavailable(error: unknown): unknown {
  if (!(error instanceof Error) || !('errcode' in error)) return error;
  if (!worldly.has(Number(error.errcode) & 0xff)) return error;
  return new LogUnavailableError(`the log cannot be written or read: ${error.message}`, { cause: error });
}
