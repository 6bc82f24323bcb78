import { spawn } from 'node:child_process';
import type { Writable } from 'node:stream';

/** What must not outlive this process. */
export interface Entrusted {
  /** Leader of a process group: every process in it is killed. */
  readonly group?: number;
  /** Removed with all that is in it. */
  readonly directory?: string;
  /** Name of a Docker container, removed with its volumes. */
  readonly container?: string;
  /** It has gone as it should: forget it. */
  readonly ended?: boolean;
}

let warden: Writable | null = null;

/**
 * Leaves a process group, a container or a directory to a warden, a process of its own that notices when this one is gone: after
 * an interrupt or a kill no `finally` runs, and no server may be left behind.
 */
export function entrust(entrusted: Entrusted): void {
  warden ??= startWarden();
  warden.write(`${JSON.stringify(entrusted)}\n`);
}

function startWarden(): Writable {
  const script = new URL('./warden.ts', import.meta.url).pathname;
  // Detached: an interrupt from the terminal goes to the whole group, and the warden has to be there after it.
  const child = spawn(process.execPath, [script], { stdio: ['pipe', 'ignore', 'ignore'], detached: true });
  child.unref();
  (child.stdin as unknown as { unref(): void }).unref();
  return child.stdin;
}
