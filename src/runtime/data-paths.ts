import { createHash } from 'node:crypto';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { isBranch } from './branch.ts';
import type { Config } from './config.ts';

/** The kernel's limit for a Unix socket's path, without the ending NUL: 107 bytes on Linux, 103 on macOS. */
const longestSocketPath = 103;

export interface DataPaths {
  readonly log: string;
  readonly database: string;
  readonly socket: string;
}

/** Where things lie in a data directory. */
export function dataPaths(
  { dataDirectory, groupId }: Pick<Config, 'dataDirectory' | 'groupId'>,
  temporary = tmpdir(),
): DataPaths {
  return {
    log: join(dataDirectory, 'log.sqlite'),
    database: join(dataDirectory, 'database'),
    // A branch runs beside the main installation, from the same clone.
    socket: socketPath(
      join(dataDirectory, isBranch(groupId) ? `${groupId}.sock` : 'control.sock'),
      temporary,
    ),
  };
}

function socketPath(path: string, temporary: string): string {
  if (Buffer.byteLength(path) <= longestSocketPath) return path;
  const name = createHash('sha256').update(path).digest('hex').slice(0, 24);
  return join(temporary, `dispatchai-${name}.sock`);
}
