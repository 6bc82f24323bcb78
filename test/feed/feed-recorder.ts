import { setTimeout as delay } from 'node:timers/promises';
import { FeedMessage } from '../../src/contracts/feed.ts';
import { readLists } from './read-lists.ts';
import type { Heard } from './recording.ts';

export interface FeedRecorderOptions {
  /** It turns from one to the next whenever it loses its connection. */
  readonly gateways: readonly string[];
  /** Whether it comes back with its last cursor. Else it begins now each time, and loads the list. */
  readonly keepsCursor: boolean;
}

/** Between two attempts to connect or to load. */
const pauseMs = 50;

/** A page that stays open whatever happens to the gateways, and writes down everything that it hears. */
export class FeedRecorder {
  readonly heard: Heard[] = [];
  readonly #options: FeedRecorderOptions;
  readonly #running: Promise<void>;
  #socket: WebSocket | null = null;
  #cursor: string | null = null;
  /** A hello or a resync wants the list, and it has not been loaded since. */
  #owesLoad = false;
  #loading: Promise<void> | null = null;
  #stopped = false;

  constructor(options: FeedRecorderOptions) {
    this.#options = options;
    this.#running = this.#run();
  }

  /** Breaks its connection, to come back at the next gateway. */
  leave(): void {
    this.#socket?.close();
  }

  async stop(): Promise<void> {
    this.#stopped = true;
    this.leave();
    await this.#running;
  }

  async #run(): Promise<void> {
    const { gateways } = this.#options;
    for (let attempt = 0; !this.#stopped; attempt += 1) {
      await this.#listen(gateways[attempt % gateways.length] ?? '');
      await this.#loading;
      await delay(pauseMs);
    }
  }

  /** Resolves once the connection is over. */
  #listen(gateway: string): Promise<void> {
    const cursor = this.#options.keepsCursor ? this.#cursor : null;
    const query = cursor === null ? '' : `?cursor=${encodeURIComponent(cursor)}`;
    const socket = new WebSocket(`${gateway.replace('http', 'ws')}/ws${query}`);
    this.#socket = socket;
    const from = cursor === null ? 'now' : 'cursor';
    return new Promise((resolve) => {
      socket.addEventListener('message', ({ data }) => {
        if (this.#socket !== socket) return;
        const message = FeedMessage.parse(JSON.parse(String(data)));
        this.#cursor = message.cursor;
        if (message.type === 'hello') this.heard.push({ kind: 'connected', gateway, from });
        else this.#note(message);
        if (message.type === 'resync' || (message.type === 'hello' && from === 'now')) this.#owesLoad = true;
        if (this.#owesLoad) this.#loading ??= this.#load(gateway, socket);
      });
      const over = () => {
        if (this.#socket === socket) this.#socket = null;
        resolve();
      };
      socket.addEventListener('close', over);
      socket.addEventListener('error', over);
    });
  }

  #note(message: FeedMessage): void {
    if (message.type === 'issue') {
      const { number, version, title } = message.issue;
      this.heard.push({ kind: 'issue', number, version, title });
    }
    if (message.type === 'deleted') {
      this.heard.push({ kind: 'deleted', number: message.number, version: message.version });
    }
    if (message.type === 'resync') this.heard.push({ kind: 'resync', reason: message.reason });
  }

  /** Until the list is loaded or the connection is over. What is asked for meanwhile is asked for again. */
  async #load(gateway: string, socket: WebSocket): Promise<void> {
    while (this.#owesLoad && this.#socket === socket) {
      this.#owesLoad = false;
      this.heard.push({ kind: 'asked' });
      const lists = await readLists(gateway);
      if (lists) this.heard.push({ kind: 'loaded', ...lists });
      else this.#owesLoad = true;
      if (lists === null) await delay(pauseMs);
    }
    this.#loading = null;
  }
}
