import { type ChildProcess, spawn } from 'node:child_process';
import { rm } from 'node:fs/promises';
import { entrust } from './end-with-this-process.ts';
import { childrenOf, gone, isRunning, killGroup } from './processes.ts';
import type { Account } from './run-program.ts';
import type { ServerRun } from './server.ts';

export interface ServerCommand {
  readonly command: string;
  readonly args: readonly string[];
  readonly as?: Account | undefined;
  readonly stopSignal: NodeJS.Signals;
  /** Holds all its data and belongs to it alone. */
  readonly directory: string;
}

/** A server as a child process. */
export class ServerProcess implements ServerRun {
  readonly #command: ServerCommand;
  #child: ChildProcess | null = null;

  constructor(command: ServerCommand) {
    this.#command = command;
  }

  async start(): Promise<{ readonly ended: () => string | null }> {
    const { command, args, as } = this.#command;
    const child = spawn(command, args, { ...as, stdio: ['ignore', 'pipe', 'pipe'], detached: true });
    this.#child = child;
    if (child.pid !== undefined) entrust({ group: child.pid });
    let said = '';
    const keep = (chunk: Buffer | Error) => {
      said = (said + chunk.toString()).slice(-10_000);
    };
    child.stdout.on('data', keep);
    child.stderr.on('data', keep);
    child.once('error', keep);
    const over = () => child.pid === undefined || child.exitCode !== null || child.signalCode !== null;
    return { ended: () => (over() ? said : null) };
  }

  kill(): Promise<void> {
    return this.#end('SIGKILL');
  }

  stop(): Promise<void> {
    return this.#end(this.#command.stopSignal);
  }

  async #end(signal: NodeJS.Signals): Promise<void> {
    const pid = this.#child?.pid;
    if (pid === undefined) return;
    // Noted before: once the parent is gone nobody knows whose they were.
    const all = isRunning(pid) ? [pid, ...childrenOf(pid)] : [pid];
    this.#child?.kill(signal);
    try {
      await gone(all);
    } finally {
      killGroup(pid);
    }
    entrust({ group: pid, ended: true });
    this.#child = null;
  }

  async removeData(): Promise<void> {
    const { directory } = this.#command;
    await rm(directory, { recursive: true, force: true });
    entrust({ directory, ended: true });
  }
}
