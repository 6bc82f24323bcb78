import { randomUUID } from 'node:crypto';
import { entrust } from './end-with-this-process.ts';
import { runProgram } from './run-program.ts';
import type { ServerRun } from './server.ts';

export interface ContainerOptions {
  readonly image: string;
  /** Published on loopback only. */
  readonly port: { readonly inside: number; readonly outside: number };
  readonly environment: Readonly<Record<string, string>>;
  readonly args?: readonly string[];
  readonly stopSignal: NodeJS.Signals;
}

const docker = (...args: readonly string[]): Promise<string> => runProgram('docker', args);

/** A server in a Docker container: it keeps its data when it is killed and started again. */
export class ServerContainer implements ServerRun {
  readonly #options: ContainerOptions;
  readonly #name = `dispatchai-test-${randomUUID()}`;
  #created = false;

  constructor(options: ContainerOptions) {
    this.#options = options;
  }

  async start(): Promise<{ readonly ended: () => string | null }> {
    if (!this.#created) await this.#create();
    await docker('start', this.#name);
    let said: string | null = null;
    // Ends with the container.
    docker('logs', '--follow', '--tail', '50', this.#name).then(
      (output) => {
        said = output;
      },
      (error: unknown) => {
        said = String(error);
      },
    );
    return { ended: () => said };
  }

  async #create(): Promise<void> {
    const { image, port, environment, args = [], stopSignal } = this.#options;
    entrust({ container: this.#name });
    const variables = Object.entries(environment).flatMap(([name, value]) => ['--env', `${name}=${value}`]);
    const publish = `127.0.0.1:${port.outside}:${port.inside}`;
    const options = ['--name', this.#name, '--stop-signal', stopSignal, '--publish', publish, ...variables];
    await docker('create', ...options, image, ...args);
    this.#created = true;
  }

  async kill(): Promise<void> {
    await docker('kill', '--signal', 'KILL', this.#name);
    await docker('wait', this.#name);
  }

  async stop(): Promise<void> {
    await docker('stop', '--time', '30', this.#name);
  }

  async removeData(): Promise<void> {
    if (!this.#created) return;
    await docker('rm', '--force', '--volumes', this.#name);
    entrust({ container: this.#name, ended: true });
  }
}
