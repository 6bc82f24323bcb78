import { fork } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, readdir, rename, rm } from 'node:fs/promises';
import { basename, dirname, extname, join } from 'node:path';
import { syncToDisk } from './cluster-state.ts';

/**
 * Makes a PostgreSQL data directory unless it is there. It appears by a rename once it is complete and on disk, so
 * that half of one is never taken for one; leftovers of an interrupted creation are removed. The caller holds
 * the data directory's lock.
 */
export async function createCluster(cluster: string): Promise<'created' | 'exists'> {
  const parent = dirname(cluster);
  const draft = join(parent, `${basename(cluster)}.creating`);
  await rm(draft, { recursive: true, force: true });
  if (existsSync(cluster)) return 'exists';
  await mkdir(parent, { recursive: true });
  await mkdir(draft, { mode: 0o700 });
  await initialise(draft);
  await syncTree(draft);
  await rename(draft, cluster);
  await syncToDisk(parent);
  return 'created';
}

/** In a process of its own: initdb inside WASM costs 600 MB, which a process keeps for as long as it lives. */
async function initialise(directory: string): Promise<void> {
  const file = new URL(`./initialise-cluster${extname(import.meta.url)}`, import.meta.url);
  const child = fork(file, [directory], { execArgv: [], stdio: ['ignore', 'ignore', 'pipe', 'ipc'] });
  let complaint = '';
  child.stderr?.setEncoding('utf8').on('data', (text: string) => {
    complaint = (complaint + text).slice(-4000);
  });
  const { promise, resolve, reject } = Promise.withResolvers<number | null>();
  child.once('error', reject);
  child.once('close', resolve);
  const code = await promise;
  if (code !== 0) throw new Error(`the embedded database could not be created: ${complaint.trim()}`);
}

async function syncTree(directory: string): Promise<void> {
  const entries = await readdir(directory, { recursive: true, withFileTypes: true });
  const paths = entries.filter((entry) => entry.isFile() || entry.isDirectory());
  // A few at a time: there are about a thousand, more than some systems let a process open.
  const iterator = paths.values();
  const work = async () => {
    for (const entry of iterator) await syncToDisk(join(entry.parentPath, entry.name));
  };
  await Promise.all(Array.from({ length: 16 }, work));
  await syncToDisk(directory);
}
