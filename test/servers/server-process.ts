import { type ChildProcess, spawn } from 'node:child_process';
import { entrust } from './end-with-this-process.ts';
import { childrenOf, gone, isRunning, killGroup } from './processes.ts';
import type { Account } from './run-program.ts';
import { until } from './until.ts';

export interface ServerCommand {
  readonly command: string;
  readonly args: readonly string[];
  readonly as?: Account | undefined;
  /** Whether it takes clients now. A rejection counts as no. */
  ready(): Promise<boolean>;
  /** Asks it to end in its own good way. */
  readonly stopSignal: NodeJS.Signals;
}

/** A server as a child process, started, killed and started again; it never outlives this process. */
export class ServerProcess {
  readonly #command: ServerCommand;
  #child: ChildProcess | null = null;
  #output = '';

  constructor(command: ServerCommand) {
    this.#command = command;
  }

  /** Resolves once it takes clients. @throws Error with what it printed when it ends or is not ready after 60 s */
  async start(): Promise<void> {
    const { command, args, as, ready } = this.#command;
    const child = spawn(command, args, { ...as, stdio: ['ignore', 'pipe', 'pipe'], detached: true });
    this.#child = child;
    let failure: Error | null = null;
    child.once('error', (error) => {
      failure = error;
    });
    for (const stream of [child.stdout, child.stderr]) {
      stream.on('data', (chunk: Buffer) => {
        this.#output = (this.#output + chunk.toString()).slice(-10_000);
      });
    }
    if (child.pid !== undefined) entrust({ group: child.pid });
    const ended = () => failure !== null || child.exitCode !== null || child.signalCode !== null;
    const what = `${command} takes clients`;
    await until(async () => ended() || (await ready()), { what, withinMs: 60_000 });
    if (ended()) throw new Error(`${command} did not start:\n${this.#output}`, { cause: failure });
  }

  get pid(): number {
    const pid = this.#child?.pid;
    if (pid === undefined) throw new Error(`${this.#command.command} is not started`);
    return pid;
  }

  /** SIGKILL; resolves once it and every process that it started are gone. */
  async kill(): Promise<void> {
    if (this.#child === null) return;
    const { pid } = this;
    const all = isRunning(pid) ? [pid, ...childrenOf(pid)] : [pid];
    killGroup(pid);
    await gone(all);
    this.#forget(pid);
  }

  /** Lets it finish; resolves once it is gone. What does not end within 30 s is killed and told. */
  async stop(): Promise<void> {
    if (this.#child === null) return;
    const { pid } = this;
    const all = isRunning(pid) ? [pid, ...childrenOf(pid)] : [pid];
    this.#child.kill(this.#command.stopSignal);
    try {
      await gone(all);
    } finally {
      killGroup(pid);
    }
    this.#forget(pid);
  }

  #forget(pid: number): void {
    entrust({ group: pid, ended: true });
    this.#child = null;
  }
}
