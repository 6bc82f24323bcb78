import type { WebSocket } from '@fastify/websocket';
import type { Scheduler } from '../engine/scheduler.ts';
import type { SimulatedProcess } from '../engine/simulated-process.ts';

type Listener = (error?: Error) => void;

/** The server's end of a WebSocket: what is sent arrives later, in order, unless the connection breaks first. */
export class SimulatedSocket {
  readonly OPEN = 1;
  readyState = 1;
  bufferedAmount = 0;
  readonly #process: SimulatedProcess;
  readonly #scheduler: Scheduler;
  readonly #receive: (message: string) => void;
  readonly #closed: () => void;
  readonly #waiting: string[] = [];
  readonly #listeners = new Map<string, (() => void)[]>();

  constructor(
    process: SimulatedProcess,
    scheduler: Scheduler,
    client: { readonly receive: (message: string) => void; readonly closed: () => void },
  ) {
    this.#process = process;
    this.#scheduler = scheduler;
    this.#receive = client.receive;
    this.#closed = client.closed;
    process.onEnd(() => this.close());
  }

  /** The feed uses no more of a WebSocket than is here. */
  get asWebSocket(): WebSocket {
    return this as unknown as WebSocket;
  }

  on(event: string, listener: () => void): this {
    this.#listeners.set(event, [...(this.#listeners.get(event) ?? []), listener]);
    return this;
  }

  send(data: string | Buffer, ...rest: readonly unknown[]): void {
    const message = data.toString();
    const sent = rest.find((each): each is Listener => typeof each === 'function');
    this.#waiting.push(message);
    this.bufferedAmount += message.length;
    this.#scheduler.add({
      owner: 'browser',
      name: 'gets a message',
      run: () => {
        const [next] = this.#waiting.splice(0, 1);
        if (next === undefined || this.readyState !== this.OPEN) return 'from a connection that is closed';
        this.bufferedAmount -= next.length;
        if (sent) this.#process.tell('message sent', () => sent());
        this.#receive(next);
        return next.slice(0, 120);
      },
    });
  }

  ping(): void {
    this.#process.tell('pong', () => this.#emit('pong'));
  }

  terminate(): void {
    this.close();
  }

  close(): void {
    if (this.readyState !== this.OPEN) return;
    this.readyState = 3;
    this.#process.tell('socket closed', () => this.#emit('close'));
    this.#closed();
  }

  #emit(event: string): void {
    for (const listener of this.#listeners.get(event) ?? []) listener();
  }
}
