import { type ChildProcess, spawn } from 'node:child_process';
import { createHmac } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const secret = 'the secret of the whole-system tests';
const launcher = fileURLToPath(new URL('../bin/dispatchai.js', import.meta.url));

export interface Ports {
  readonly ingress: number;
  readonly classifier: number;
  readonly gateway: number;
}

/** A port that nobody listens on at the moment. */
export async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  if (address === null || typeof address === 'string') throw new Error('no port');
  return address.port;
}

/** `dispatchai up` as a child process, by its launcher, in a data directory and on ports of its own. */
export class RunningServer {
  readonly dataDirectory: string;
  readonly ports: Ports;
  readonly #environment: Readonly<Record<string, string>>;
  #launcher: ChildProcess | null = null;
  output = '';

  private constructor(dataDirectory: string, ports: Ports, environment: Readonly<Record<string, string>>) {
    this.dataDirectory = dataDirectory;
    this.ports = ports;
    this.#environment = environment;
  }

  static async create(environment: Readonly<Record<string, string>> = {}): Promise<RunningServer> {
    const ports = { ingress: await freePort(), classifier: await freePort(), gateway: await freePort() };
    const directory = await mkdtemp(join(tmpdir(), 'dispatchai-test-'));
    return new RunningServer(directory, ports, { GITHUB_WEBHOOK_SECRET: secret, ...environment });
  }

  get webhookUrl(): string {
    return `http://127.0.0.1:${this.ports.ingress}/webhook/github`;
  }

  get url(): string {
    return `http://127.0.0.1:${this.ports.gateway}`;
  }

  /** Starts it and waits until `/health` says that every service is ready. */
  async start(withinMs = 60_000): Promise<void> {
    const child = spawn(process.execPath, [launcher, 'up', '--no-open'], {
      env: {
        ...process.env,
        ...this.#environment,
        DISPATCHAI_DATA_DIR: this.dataDirectory,
        INGRESS_PORT: String(this.ports.ingress),
        CLASSIFIER_PORT: String(this.ports.classifier),
        GATEWAY_PORT: String(this.ports.gateway),
      },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    this.#launcher = child;
    const keep = (chunk: Buffer) => {
      this.output = (this.output + chunk.toString()).slice(-20_000);
    };
    child.stdout?.on('data', keep);
    child.stderr?.on('data', keep);
    const deadline = Date.now() + withinMs;
    while (!(await this.#healthy())) {
      if (child.exitCode !== null || Date.now() > deadline)
        throw new Error(`did not get ready:\n${this.output}`);
      await new Promise((resolve) => setTimeout(resolve, 25));
    }
  }

  async #healthy(): Promise<boolean> {
    const response = await fetch(`${this.url}/health`).catch(() => null);
    await response?.arrayBuffer();
    return response?.status === 200;
  }

  /** The process that holds the data directory: the launcher's child. */
  serverPid(): number {
    const pid = this.#launcher?.pid;
    if (!pid) throw new Error('not started');
    const [child] = readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').trim().split(' ');
    if (!child) throw new Error('the launcher has no child');
    return Number(child);
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
    if (isRunning(pid)) throw new Error(`process ${pid} is still there`);
  }

  async stop(): Promise<number | null> {
    this.#launcher?.kill('SIGTERM');
    return this.#ended();
  }

  async remove(): Promise<void> {
    await this.stop();
    await rm(this.dataDirectory, { recursive: true, force: true });
  }

  async #ended(): Promise<number | null> {
    const child = this.#launcher;
    if (!child) return null;
    if (child.exitCode === null && child.signalCode === null) {
      await new Promise((resolve) => child.once('exit', resolve));
    }
    return child.exitCode;
  }
}

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

/** Posts a payload as GitHub would, signed; resolves with the status, or null when nobody answered. */
export async function postWebhook(
  url: string,
  delivery: string,
  payload: Uint8Array,
  event = 'issues',
): Promise<number | null> {
  const signature = createHmac('sha256', secret).update(payload).digest('hex');
  try {
    const response = await fetch(url, {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        'x-github-event': event,
        'x-github-delivery': delivery,
        'x-hub-signature-256': `sha256=${signature}`,
      },
      body: payload as Uint8Array<ArrayBuffer>,
    });
    await response.arrayBuffer();
    return response.status;
  } catch {
    return null;
  }
}
