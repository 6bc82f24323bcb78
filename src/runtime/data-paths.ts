import { createHash } from 'node:crypto';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** The kernel's limit for a Unix socket's path, without the ending NUL: 107 bytes on Linux, 103 on macOS. */
const longestSocketPath = 103;

export interface DataPaths {
  readonly log: string;
  readonly database: string;
  readonly socket: string;
}

/** Where things lie in a data directory. */
export function dataPaths(dataDirectory: string, temporary = tmpdir()): DataPaths {
  return {
    log: join(dataDirectory, 'log.sqlite'),
    database: join(dataDirectory, 'database'),
    socket: socketPath(dataDirectory, temporary),
  };
}

function socketPath(dataDirectory: string, temporary: string): string {
  const path = join(dataDirectory, 'control.sock');
  if (Buffer.byteLength(path) <= longestSocketPath) return path;
  const name = createHash('sha256').update(dataDirectory).digest('hex').slice(0, 24);
  return join(temporary, `dispatchai-${name}.sock`);
}
