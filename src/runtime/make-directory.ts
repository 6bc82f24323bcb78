import { existsSync, statSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { dirname } from 'node:path';

/**
 * Makes a directory, for its owner alone, and the ones above it that are missing. Not by `mkdir`'s `recursive`: where
 * a file system says ENOENT below a directory that is there (`/proc`), Node tries that for ever.
 */
export async function makeDirectory(path: string): Promise<void> {
  if (existsSync(path)) {
    if (statSync(path).isDirectory()) return;
    throw Object.assign(new Error(`${path} is a file`), { code: 'ENOTDIR' });
  }
  const above = dirname(path);
  if (!existsSync(above)) await makeDirectory(above);
  await mkdir(path, { mode: 0o700 }).catch((error: NodeJS.ErrnoException) => {
    // Two starts at once: the other one made it.
    if (error.code !== 'EEXIST') throw error;
  });
}
