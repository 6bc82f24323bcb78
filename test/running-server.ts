import { DispatchaiProcess } from './dispatchai-process.ts';
import { freePort } from './servers/free-port.ts';

export { secret } from './dispatchai-process.ts';
export { postWebhook } from './post-webhook.ts';

export interface Ports {
  readonly ingress: number;
  readonly classifier: number;
  readonly gateway: number;
}

/** `dispatchai up`: every service in one process, on ports of its own. */
export class RunningServer {
  readonly ports: Ports;
  readonly #process: DispatchaiProcess;

  private constructor(ports: Ports, process: DispatchaiProcess) {
    this.ports = ports;
    this.#process = process;
  }

  /** With embedded stores, unless the environment names others. */
  static async create(environment: Readonly<Record<string, string>> = {}): Promise<RunningServer> {
    const ports = { ingress: await freePort(), classifier: await freePort(), gateway: await freePort() };
    const process = await DispatchaiProcess.create({
      args: ['up', '--no-open'],
      environment: {
        ...environment,
        INGRESS_PORT: String(ports.ingress),
        CLASSIFIER_PORT: String(ports.classifier),
        GATEWAY_PORT: String(ports.gateway),
      },
      healthUrl: `http://127.0.0.1:${ports.gateway}/health`,
    });
    return new RunningServer(ports, process);
  }

  get webhookUrl(): string {
    return `http://127.0.0.1:${this.ports.ingress}/webhook/github`;
  }

  get url(): string {
    return `http://127.0.0.1:${this.ports.gateway}`;
  }

  get dataDirectory(): string {
    return this.#process.dataDirectory;
  }

  get output(): string {
    return this.#process.output;
  }

  /** Starts it and waits until `/health` says that every service is ready. */
  start(withinMs?: number): Promise<void> {
    return this.#process.start(withinMs);
  }

  serverPid(): number {
    return this.#process.serverPid();
  }

  pids(): readonly number[] {
    return this.#process.pids();
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
