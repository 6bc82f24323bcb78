import type { FeedMessage } from '../../../src/contracts/feed.ts';
import { retryDelay } from './backoff.ts';

export interface Socket {
  listen(heard: { message(data: unknown): void; closed(): void }): void;
  /** Closes, and is not heard of again. */
  close(): void;
}

/** The browser's parts that the connection needs, as values. */
export interface Surroundings {
  open(address: string): Socket;
  /** Milliseconds since 1970. */
  now(): number;
  /** Calls back after `ms`; the answer cancels. */
  after(ms: number, callback: () => void): () => void;
  /** Uniform in [0, 1). */
  fraction(): number;
}

export interface FeedState {
  readonly phase: 'connecting' | 'live' | 'lost';
  /** When this phase began. `lost` counts from the moment the last live one ended, over all tries since. */
  readonly since: number;
  readonly behind: number;
  readonly status: string | null;
}

/** Within this time a server that was reached says hello; else the try counts as lost. */
const helloWithinMs = 10_000;

/** The WebSocket of `/ws`: comes back with its last cursor after each loss, until it is stopped. */
export class FeedConnection {
  readonly #surroundings: Surroundings;
  readonly #receive: (message: FeedMessage) => void;
  readonly #changed: () => void;
  #socket: Socket | null = null;
  #cancel: () => void = () => undefined;
  #cursor: string | null = null;
  #attempt = 0;
  #state: FeedState;

  constructor(surroundings: Surroundings, receive: (message: FeedMessage) => void, changed: () => void) {
    this.#surroundings = surroundings;
    this.#receive = receive;
    this.#changed = changed;
    this.#state = { phase: 'connecting', since: surroundings.now(), behind: 0, status: null };
  }

  state = (): FeedState => this.#state;

  start(): void {
    this.#connect();
  }

  stop(): void {
    this.#cancel();
    this.#drop();
  }

  /** Notes a lag that was measured elsewhere, in records. */
  measured(behind: number): void {
    if (behind !== this.#state.behind) this.#become({ behind });
  }

  /** Gives the present connection up: something else showed that the server is gone. */
  lose(): void {
    if (this.#socket) this.#lost();
  }

  /** Tries at once instead of after the wait, for a machine that woke up. */
  retryNow(): void {
    if (this.#socket) return;
    this.#cancel();
    this.#connect();
  }

  #connect(): void {
    const address = this.#cursor === null ? '/ws' : `/ws?cursor=${encodeURIComponent(this.#cursor)}`;
    const socket = this.#surroundings.open(address);
    this.#socket = socket;
    this.#cancel = this.#surroundings.after(helloWithinMs, () => this.#lost());
    socket.listen({ message: (data) => this.#message(data), closed: () => this.#lost() });
  }

  #message(data: unknown): void {
    const message = parse(data);
    if (!message) return;
    this.#cursor = message.cursor;
    if (this.#state.phase !== 'live') {
      this.#cancel();
      this.#attempt = 0;
      this.#become({ phase: 'live', since: this.#surroundings.now() });
    }
    if (message.type === 'status') this.#become({ behind: message.behind, status: message.status });
    this.#receive(message);
  }

  #lost(): void {
    this.#cancel();
    this.#drop();
    if (this.#state.phase !== 'lost') this.#become({ phase: 'lost', since: this.#surroundings.now() });
    const wait = retryDelay(this.#attempt, this.#surroundings.fraction());
    this.#attempt += 1;
    this.#cancel = this.#surroundings.after(wait, () => this.#connect());
  }

  #drop(): void {
    this.#socket?.close();
    this.#socket = null;
  }

  #become(part: Partial<FeedState>): void {
    this.#state = { ...this.#state, ...part };
    this.#changed();
  }
}

/** A message of the feed, or null for what is none. Unknown types pass: they carry a cursor. */
function parse(data: unknown): FeedMessage | null {
  if (typeof data !== 'string') return null;
  try {
    const message = JSON.parse(data) as FeedMessage | null;
    return typeof message?.type === 'string' && typeof message.cursor === 'string' ? message : null;
  } catch {
    return null;
  }
}
