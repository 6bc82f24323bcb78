import { type ChildProcess, fork } from 'node:child_process';
import { createInterface } from 'node:readline';

export interface Script {
  /** Below this folder. */
  readonly name: string;
  readonly args: readonly string[];
  /** With the flags of Node that this process has, which are those that the launcher gives a server. */
  readonly asServer?: boolean;
}

/**
 * Starts a script as a process of its own and waits for the first line that it prints. It is left a channel, which
 * closes when this process is gone.
 */
export async function startScript({ name, args, asServer = false }: Script): Promise<{
  readonly child: ChildProcess;
  readonly line: string;
}> {
  const child = fork(new URL(name, import.meta.url), args, {
    stdio: ['ignore', 'pipe', 'inherit', 'ipc'],
    execArgv: asServer ? process.execArgv : [],
  });
  const lines = createInterface({ input: child.stdout as NonNullable<ChildProcess['stdout']> });
  const line = await new Promise<string>((resolve, reject) => {
    lines.once('line', resolve);
    child.once('exit', (code) => reject(new Error(`${name} ended with ${code}`)));
  });
  return { child, line };
}

export async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const ended = new Promise((resolve) => child.once('exit', resolve));
  child.kill('SIGTERM');
  await ended;
}
