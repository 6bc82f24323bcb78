import type { WebSocket } from '@fastify/websocket';
import type { FeedMessage } from '../../../contracts/feed.ts';
import type { FeedSource } from './feed-source.ts';

/** Bytes that wait in a client's socket before it gets no more for now. */
const bufferLimit = 1_000_000;

/**
 * One WebSocket. All that is kept of it is the next sequence number: what it has not taken yet waits in the shared
 * window, and when the window no longer has it, the client is told to load again.
 */
export class FeedClient {
  alive = true;
  readonly #socket: WebSocket;
  readonly #source: FeedSource;
  #next: number;

  constructor(socket: WebSocket, source: FeedSource, next: number) {
    this.#socket = socket;
    this.#source = source;
    this.#next = next;
    socket.on('pong', () => {
      this.alive = true;
    });
  }

  /** Sends what is new, as far as the socket takes it; goes on by itself once it has drained. */
  pump(): void {
    if (this.#next < this.#source.first) this.resync('More has happened than this connection could take.');
    let last: Buffer | null = null;
    while (this.#next < this.#source.end && this.#socket.bufferedAmount < bufferLimit) {
      const message = this.#source.at(this.#next)?.message();
      this.#next += 1;
      if (!message) continue;
      if (last) this.#socket.send(last, { binary: false });
      last = message;
    }
    if (last) this.#socket.send(last, { binary: false }, (error) => this.#drained(error));
  }

  /** The client loads the lists again; it goes on from now. */
  resync(reason: string): void {
    this.#next = this.#source.end;
    // However full the socket is: a client that misses this would never know. Pings end one that takes nothing.
    this.#socket.send(
      JSON.stringify({ type: 'resync', cursor: this.#source.cursor(), reason } satisfies FeedMessage),
    );
  }

  send(message: FeedMessage): void {
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
