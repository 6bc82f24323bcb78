import { DispatchaiProcess } from './dispatchai-process.ts';
import { freePort } from './servers/free-port.ts';

const portVariables = {
  ingress: 'INGRESS_PORT',
  classifier: 'CLASSIFIER_PORT',
  relay: 'RELAY_PORT',
  gateway: 'GATEWAY_PORT',
  scheduler: 'SCHEDULER_PORT',
} as const;

export type ServiceName = keyof typeof portVariables;

/** `dispatchai start <service>`: one service in a process of its own. */
export class RunningService {
  readonly name: ServiceName;
  readonly url: string;
  readonly #process: DispatchaiProcess;

  private constructor(name: ServiceName, url: string, process: DispatchaiProcess) {
    this.name = name;
    this.url = url;
    this.#process = process;
  }

  /** One over the stores that the environment names, not yet started. */
  static async create(
    name: ServiceName,
    environment: Readonly<Record<string, string>>,
  ): Promise<RunningService> {
    const port = await freePort();
    const url = `http://127.0.0.1:${port}`;
    const process = await DispatchaiProcess.create({
      args: ['start', name],
      environment: { ...environment, [portVariables[name]]: String(port) },
      healthUrl: `${url}/health`,
    });
    return new RunningService(name, url, process);
  }

  /** Starts it, or starts it again on its port; resolves once it is ready. */
  start(): Promise<void> {
    return this.#process.start();
  }

  get output(): string {
    return this.#process.output;
  }

  serverPid(): number {
    return this.#process.serverPid();
  }

  get dataDirectory(): string {
    return this.#process.dataDirectory;
  }

  kill(): Promise<void> {
    return this.#process.kill();
  }

  stop(): Promise<number | null> {
    return this.#process.stop();
  }

  remove(): Promise<void> {
    return this.#process.remove();
  }
}
