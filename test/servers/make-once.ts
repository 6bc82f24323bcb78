import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, rename, rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import { entrust } from './end-with-this-process.ts';

/**
 * Makes a directory that appears whole or not at all: `fill` gets a draft beside it, which is then renamed. Two that
 * make it at once do no harm, the first one counts.
 */
export async function makeOnce(directory: string, fill: (draft: string) => Promise<void>): Promise<void> {
  if (existsSync(directory)) return;
  await mkdir(dirname(directory), { recursive: true });
  const draft = await mkdtemp(`${directory}.unfinished-`);
  entrust({ directory: draft });
  try {
    await fill(draft);
    await rename(draft, directory).catch((error: unknown) => {
      if (!existsSync(directory)) throw error;
    });
  } finally {
    await rm(draft, { recursive: true, force: true });
    entrust({ directory: draft, ended: true });
  }
}
