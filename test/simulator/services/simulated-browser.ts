import { FeedMessage } from '../../../src/contracts/feed.ts';
import { readIssuePage } from '../../../src/database/issue-list.ts';
import { readDeletedSince } from '../../../src/database/issue-reads.ts';
import { IssueBook } from '../../../web/src/queue/issue-book.ts';
import type { World } from '../world.ts';
import type { Node } from './node.ts';
import { SimulatedSocket } from './simulated-socket.ts';

const reconnectAfterMs = 500;
const deletedForMs = 15 * 60_000;

/**
 * A page that somebody has open: it keeps what it has seen in the page's own book, comes back with its cursor after
 * each lost connection, to whichever gateway is there, and loads the list again when it is told to.
 */
export class SimulatedBrowser {
  readonly book = new IssueBook();
  readonly #world: World;
  #socket: SimulatedSocket | null = null;
  #cursor: string | undefined;
  #loaded = false;

  constructor(world: World) {
    this.#world = world;
  }

  /** Whether nothing is on its way to it. */
  get settled(): boolean {
    return this.#loaded && this.#socket !== null && this.#socket.bufferedAmount === 0;
  }

  connect(): void {
    const nodes = this.#world
      .nodes('gateway')
      .filter(({ feed, process }) => feed && process.state === 'running');
    if (nodes.length === 0) {
      this.#later('looks for a gateway', () => this.connect());
      return;
    }
    const node = this.#world.random.pick(nodes);
    const socket: SimulatedSocket = new SimulatedSocket(node.process, this.#world.scheduler, {
      receive: (message) => this.#receive(node, FeedMessage.parse(JSON.parse(message))),
      closed: () => {
        if (this.#socket !== socket) return;
        this.#socket = null;
        this.#later('connects again', () => this.connect());
      },
    });
    this.#socket = socket;
    // A gateway that cannot take it in now closes the connection.
    node.feed?.connect(socket.asWebSocket, this.#cursor).catch(() => socket.close());
  }

  /** The network breaks. */
  disconnect(): void {
    this.#socket?.close();
  }

  #receive(node: Node, message: FeedMessage): void {
    this.#cursor = message.cursor;
    if (message.type === 'issue') this.book.put(message.issue);
    if (message.type === 'deleted') this.book.remove(message);
    if (message.type === 'resync') this.#loaded = false;
    if (message.type === 'resync' || (message.type === 'hello' && !this.#loaded)) this.#load(node);
  }

  #load({ database, process }: Node): void {
    const load = async () => {
      const { issues } = await readIssuePage(database.queries, {}, 200, null);
      const deleted = await readDeletedSince(
        database.queries,
        new Date(process.clock.now() - deletedForMs),
        1_000,
      );
      for (const issue of issues) this.book.put(issue);
      for (const each of deleted) this.book.remove(each);
      this.#loaded = true;
    };
    // The page says so, and loads again with its next connection.
    load().catch(() => this.disconnect());
  }

  #later(name: string, run: () => void): void {
    this.#world.scheduler.add({
      owner: 'browser',
      name,
      due: this.#world.scheduler.time + reconnectAfterMs,
      run: () => {
        run();
        return undefined;
      },
    });
  }
}
