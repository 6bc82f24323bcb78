import { FeedMessage } from '../src/contracts/feed.ts';
import { until } from './until.ts';

/** A page at a gateway's feed, for tests: hears everything from when it is connected. */
export class FeedClient {
  readonly messages: FeedMessage[] = [];
  readonly #socket: WebSocket;

  private constructor(socket: WebSocket) {
    this.#socket = socket;
    socket.addEventListener('message', ({ data }) => {
      this.messages.push(FeedMessage.parse(JSON.parse(String(data))));
    });
  }

  static async connect(gatewayUrl: string): Promise<FeedClient> {
    const client = new FeedClient(new WebSocket(`${gatewayUrl.replace('http', 'ws')}/ws`));
    const greeted = () => client.messages.some(({ type }) => type === 'hello');
    await until(greeted, { what: `the feed of ${gatewayUrl} says hello`, withinMs: 10_000 });
    return client;
  }

  /** The versions of each issue, in the order in which they came. */
  versions(): ReadonlyMap<number, readonly number[]> {
    const versions = new Map<number, number[]>();
    for (const message of this.messages) {
      if (message.type !== 'issue') continue;
      const { number, version } = message.issue;
      const former = versions.get(number);
      if (former) former.push(version);
      else versions.set(number, [version]);
    }
    return versions;
  }

  close(): void {
    this.#socket.close();
  }
}
