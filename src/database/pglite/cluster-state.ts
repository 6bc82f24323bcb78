import { execFile } from 'node:child_process';
import { open, readFile, rename } from 'node:fs/promises';
import { dirname } from 'node:path';
import { promisify } from 'node:util';
import { z } from 'zod';

/** What was noted when the cluster was last opened or closed. */
const ClusterState = z.object({
  /** The boot of the machine under which it was open. */
  bootId: z.string(),
  /** Whether it was closed in order since. */
  clean: z.boolean(),
});
export type ClusterState = z.infer<typeof ClusterState>;

/**
 * Whether pages may have been lost that PostgreSQL was told are on disk: only a crash of the machine does that, so
 * only when the last close was not clean and the machine has booted since. Nothing noted counts as not clean.
 */
export function needsVerification(state: ClusterState | null, bootId: string): boolean {
  return state === null || (!state.clean && state.bootId !== bootId);
}

/** An id of this boot of the machine. */
export async function readBootId(): Promise<string> {
  if (process.platform === 'darwin') {
    const { stdout } = await promisify(execFile)('/usr/sbin/sysctl', ['-n', 'kern.bootsessionuuid']);
    return stdout.trim();
  }
  return (await readFile('/proc/sys/kernel/random/boot_id', 'utf8')).trim();
}

/** Null when there is no note, or none that can be read: a power cut may leave an empty file. */
export async function readClusterState(file: string): Promise<ClusterState | null> {
  let text: string;
  try {
    text = await readFile(file, 'utf8');
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return null;
    throw error;
  }
  try {
    return ClusterState.parse(JSON.parse(text));
  } catch (error) {
    if (error instanceof SyntaxError || error instanceof z.ZodError) return null;
    throw error;
  }
}

/** Durable when it resolves, and never half written. */
export async function writeClusterState(file: string, state: ClusterState): Promise<void> {
  const draft = `${file}.new`;
  const handle = await open(draft, 'w', 0o600);
  try {
    await handle.writeFile(JSON.stringify(state));
    await handle.sync();
  } finally {
    await handle.close();
  }
  await rename(draft, file);
  await syncToDisk(dirname(file));
}

/** Syncs a file's content or a directory's names. */
export async function syncToDisk(path: string): Promise<void> {
  const handle = await open(path, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}
