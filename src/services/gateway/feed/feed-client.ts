import type { WebSocket } from '@fastify/websocket';
import type { FeedMessage } from '../../../contracts/feed.ts';
import type { FeedSource } from './feed-source.ts';

/** Bytes that wait in a client's socket before it gets no more for now. */
const bufferLimit = 1_000_000;

type Status = Omit<Extract<FeedMessage, { type: 'status' }>, 'type' | 'cursor'>;

/**
 * One WebSocket. All that is kept of it is where it stands: what it has not taken yet waits in the shared
 * window, and when the window no longer has it, the client is told to load again.
 */
export class FeedClient {
  alive = true;
  readonly #socket: WebSocket;
  readonly #source: FeedSource;
  #next: number;
  /** Of the last message before `next`. */
  #cursor: string;
  /** Next offsets that it came with: another instance may have read the partitions in another order. */
  #seen: readonly number[];

  constructor(
    socket: WebSocket,
    source: FeedSource,
    begin: { readonly next: number; readonly cursor: string; readonly seen: readonly number[] },
  ) {
    this.#socket = socket;
    this.#source = source;
    this.#next = begin.next;
    this.#cursor = begin.cursor;
    this.#seen = begin.seen;
    socket.on('pong', () => {
      this.alive = true;
    });
  }

  /** Sends what is new, as far as the socket takes it; goes on by itself once it has drained. */
  pump(): void {
    if (this.#next < this.#source.first) this.resync('More has happened than this connection could take.');
    let last: Buffer | null = null;
    while (this.#next < this.#source.end && this.#socket.bufferedAmount < bufferLimit) {
      const entry = this.#source.at(this.#next);
      const message = entry && !entry.isBefore(this.#seen) ? entry.message() : null;
      this.#next += 1;
      if (entry) this.#cursor = entry.cursor;
      if (!message) continue;
      if (last) this.#socket.send(last, { binary: false });
      last = message;
    }
    if (last) this.#socket.send(last, { binary: false }, (error) => this.#drained(error));
  }

  /** The client loads the lists again; it goes on from now. */
  resync(reason: string): void {
    this.#next = this.#source.end;
    this.#cursor = this.#source.cursor();
    this.#seen = [];
    // However full the socket is: a client that misses this would never know. Pings end one that takes nothing.
    this.#socket.send(JSON.stringify({ type: 'resync', cursor: this.#cursor, reason } satisfies FeedMessage));
  }

  sayHello(): void {
    this.#send({ type: 'hello', cursor: this.#cursor });
  }

  /** The feed may be ahead of this client: its cursor would let a lost connection lose what still waits here. */
  sendStatus(status: Status): void {
    this.#send({ type: 'status', cursor: this.#cursor, ...status });
  }

  #send(message: FeedMessage): void {
    if (this.#socket.bufferedAmount < bufferLimit) this.#socket.send(JSON.stringify(message));
  }

  /** Ends a connection whose other end has not answered since the last call. */
  checkAlive(): void {
    if (!this.alive) {
      this.#socket.terminate();
      return;
    }
    this.alive = false;
    this.#socket.ping();
  }

  close(code: number, reason: string): void {
    this.#socket.close(code, reason);
  }

  #drained(error?: Error | null): void {
    if (!error && this.#next < this.#source.end) this.pump();
  }
}
