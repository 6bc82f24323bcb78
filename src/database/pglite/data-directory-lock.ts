import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import type { Clock } from '../../effects/clock.ts';

const pollMs = 50;
const sqliteBusy = 5;

/** Proof that this process holds a data directory. */
export interface DataDirectoryLock {
  readonly kind: 'locked';
  readonly directory: string;
  release(): void;
}

export interface DataDirectoryHeld {
  readonly kind: 'held';
  /** Who holds it, for people: what the holder wrote about itself. */
  readonly by: string;
}

export interface LockOptions {
  readonly clock: Clock;
  /** How long to wait for a holder that is going away; milliseconds, 5,000 when absent. */
  readonly waitMs?: number;
  /** What this process says about itself to others who find it locked. */
  readonly description?: string;
}

/**
 * Takes the lock on a data directory (made if needed), which the embedded log and database may be opened under: an
 * exclusive SQLite transaction on `lock.sqlite`. The kernel frees it when the process dies, however it dies; a pid
 * file would lie.
 */
export async function lockDataDirectory(
  directory: string,
  options: LockOptions,
): Promise<DataDirectoryLock | DataDirectoryHeld> {
  mkdirSync(directory, { recursive: true, mode: 0o700 });
  const deadline = options.clock.monotonic() + (options.waitMs ?? 5_000);
  const holderFile = join(directory, 'lock.holder');
  const file = join(directory, 'lock.sqlite');
  for (;;) {
    const connection = tryToLock(file);
    if (connection !== null) {
      writeFileSync(holderFile, options.description ?? `process ${process.pid}`, { mode: 0o600 });
      return { kind: 'locked', directory, release: () => connection.close() };
    }
    if (options.clock.monotonic() >= deadline) return { kind: 'held', by: readHolder(holderFile) };
    await options.clock.sleep(pollMs);
  }
}

function tryToLock(file: string): DatabaseSync | null {
  const connection = new DatabaseSync(file, { timeout: 0 });
  try {
    connection.exec('begin exclusive');
    return connection;
  } catch (error) {
    connection.close();
    if (error instanceof Error && 'errcode' in error && error.errcode === sqliteBusy) return null;
    throw error;
  }
}

function readHolder(file: string): string {
  try {
    return readFileSync(file, 'utf8').slice(0, 200);
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return 'another process';
    throw error;
  }
}
