import { type ChildProcess, fork } from 'node:child_process';
import { readFileSync } from 'node:fs';
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

/** The kernel counts in hundredths, whatever its own ticks are. */
const msOfTick = 10;

/** Processor time that a process has used so far, all of its threads together. */
export function processorMs({ pid }: ChildProcess): number {
  const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
  // Behind the name, which is in brackets and may hold anything: utime and stime are fields 14 and 15.
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return (Number(fields[11]) + Number(fields[12])) * msOfTick;
}
