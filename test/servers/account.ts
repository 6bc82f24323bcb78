import { statSync } from 'node:fs';
import { dirname } from 'node:path';
import { type Account, runProgram } from './run-program.ts';

/** PostgreSQL refuses to run as root: `nobody` then, else whoever we are. */
export async function postgresAccount(): Promise<Account | undefined> {
  if (process.getuid?.() !== 0) return undefined;
  const [uid, gid] = await Promise.all([
    runProgram('id', ['-u', 'nobody']),
    runProgram('id', ['-g', 'nobody']),
  ]);
  return { uid: Number(uid), gid: Number(gid) };
}

/** Whether every directory on the way may be entered by everyone: a home with mode 0700 may not. */
export function canBeReachedByAll(path: string): boolean {
  if ((statSync(path).mode & 0o001) === 0) return false;
  const parent = dirname(path);
  return parent === path || canBeReachedByAll(parent);
}
