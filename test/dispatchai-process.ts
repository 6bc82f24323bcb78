import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { variables } from '../src/runtime/variables.ts';
import { entrust } from './servers/end-with-this-process.ts';
import { childrenOf, gone, killGroup } from './servers/processes.ts';
import { until } from './until.ts';

export const secret = 'the secret of the whole-system tests';
export const launcher = fileURLToPath(new URL('../bin/dispatchai.js', import.meta.url));

export interface DispatchaiOptions {
  readonly args: readonly string[];
  /** Configuration; nothing else reaches the process, neither from this environment nor from a `.env`. */
  readonly environment: Readonly<Record<string, string>>;
  /** Answers 200 once it is ready. */
  readonly healthUrl: string;
}

/** `dispatchai` as a child process, by its launcher, in a data directory of its own. */
export class DispatchaiProcess {
  readonly dataDirectory: string;
  readonly #options: DispatchaiOptions;
  #launcher: ChildProcess | null = null;
  output = '';

  private constructor(dataDirectory: string, options: DispatchaiOptions) {
    this.dataDirectory = dataDirectory;
    this.#options = options;
  }

  static async create(options: DispatchaiOptions): Promise<DispatchaiProcess> {
    const directory = await mkdtemp(join(tmpdir(), 'dispatchai-test-'));
    entrust({ directory });
    return new DispatchaiProcess(directory, options);
  }

  /** Starts it and waits until it says that every service in it is ready. */
  async start(withinMs = 60_000): Promise<void> {
    const { args, environment } = this.#options;
    const child = spawn(process.execPath, [launcher, ...args], {
      cwd: this.dataDirectory,
      env: {
        ...foreignEnvironment(),
        GITHUB_WEBHOOK_SECRET: secret,
        ...environment,
        DISPATCHAI_DATA_DIR: this.dataDirectory,
      },
      stdio: ['ignore', 'pipe', 'pipe'],
      detached: true,
    });
    this.#launcher = child;
    if (child.pid !== undefined) entrust({ group: child.pid });
    const keep = (chunk: Buffer) => {
      this.output = (this.output + chunk.toString()).slice(-20_000);
    };
    child.stdout.on('data', keep);
    child.stderr.on('data', keep);
    await until(async () => this.#isOver() || (await this.#healthy()), {
      what: `dispatchai ${args.join(' ')} is ready`,
      withinMs,
    }).catch((error: Error) => {
      throw new Error(`${error.message}\n${this.output}`, { cause: error });
    });
    if (this.#isOver()) throw new Error(`did not get ready:\n${this.output}`);
  }

  #isOver(): boolean {
    return this.#launcher === null || this.#launcher.exitCode !== null || this.#launcher.signalCode !== null;
  }

  async #healthy(): Promise<boolean> {
    const response = await fetch(this.#options.healthUrl).catch(() => null);
    await response?.arrayBuffer();
    return response?.status === 200;
  }

  /** The process that does the work: the launcher's child. */
  serverPid(): number {
    const pid = this.#launcher?.pid;
    if (!pid) throw new Error('not started');
    const [child] = childrenOf(pid);
    if (!child) throw new Error('the launcher has no child');
    return child;
  }

  /** Launcher and server, for measuring what they hold in memory. */
  pids(): readonly number[] {
    return this.#launcher?.pid ? [this.#launcher.pid, this.serverPid()] : [];
  }

  /** SIGKILL to the server itself; resolves once it is gone and its launcher has ended. */
  async kill(): Promise<void> {
    const pid = this.serverPid();
    process.kill(pid, 'SIGKILL');
    await this.#ended();
    await gone([pid]);
  }

  /** SIGTERM to both, as a service manager does; resolves to the exit code once they are gone. */
  async stop(withinMs = 20_000): Promise<number | null> {
    const pid = this.#launcher?.pid;
    if (pid === undefined) return null;
    if (!this.#isOver()) process.kill(-pid, 'SIGTERM');
    try {
      await until(() => this.#isOver(), { what: 'it ends by SIGTERM', withinMs });
    } catch (error) {
      throw new Error(`it did not end by SIGTERM:\n${this.output}`, { cause: error });
    } finally {
      killGroup(pid);
    }
    return this.#ended();
  }

  /** Ends it, however, and removes its data directory. */
  async remove(): Promise<void> {
    try {
      await this.stop();
    } finally {
      await rm(this.dataDirectory, { recursive: true, force: true });
      entrust({ directory: this.dataDirectory, ended: true });
    }
  }

  async #ended(): Promise<number | null> {
    const child = this.#launcher;
    if (!child) return null;
    if (!this.#isOver()) await new Promise((resolve) => child.once('exit', resolve));
    if (child.pid !== undefined) entrust({ group: child.pid, ended: true });
    return child.exitCode;
  }
}

/** This environment without what would configure a server: it may name somebody's real database. */
export function foreignEnvironment(): Record<string, string | undefined> {
  const own = new Set(Object.keys(variables));
  return Object.fromEntries(Object.entries(process.env).filter(([name]) => !own.has(name)));
}
