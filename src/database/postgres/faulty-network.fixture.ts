import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';

export interface FaultyNetwork {
  /** The server's URL, by way of this network. */
  readonly url: string;
  /** Connections through it that are open now. */
  readonly open: number;
  /** Nothing passes any more and nothing is closed, as with a server that hangs; new connections are taken. */
  freeze(): void;
  /** Breaks every connection, and refuses new ones until told otherwise. */
  cut(): void;
  /** Lets everything through again; what was held back is lost. */
  heal(): void;
  /** Breaks the connection that sends `text`, once, after it has reached the server and before its answer comes. */
  swallowAnswerTo(text: string): void;
  [Symbol.asyncDispose](): Promise<void>;
}

/** For tests: what networks and servers do to connections, between a driver and a real server. */
export async function openFaultyNetwork(serverUrl: string): Promise<FaultyNetwork> {
  const target = new URL(serverUrl);
  const sockets = new Set<Socket>();
  let state: 'healthy' | 'frozen' | 'cut' = 'healthy';
  let swallow: string | undefined;
  const server = createServer((client) => {
    if (state === 'cut') return client.destroy();
    const upstream = connect(Number(target.port || 5432), target.hostname);
    let mute = false;
    for (const [from, to] of [
      [client, upstream],
      [upstream, client],
    ] as const) {
      sockets.add(from);
      from.on('error', () => to.destroy());
      from.on('close', () => {
        sockets.delete(from);
        to.destroy();
      });
      from.on('data', (data) => {
        if (state === 'frozen') return;
        if (from === client && swallow !== undefined && data.includes(swallow)) {
          swallow = undefined;
          mute = true;
        }
        if (from === upstream && mute) client.destroy();
        else to.write(data);
      });
    }
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const url = new URL(serverUrl);
  url.hostname = '127.0.0.1';
  url.port = String((server.address() as AddressInfo).port);
  const breakAll = () => {
    for (const socket of sockets) socket.destroy();
  };
  return {
    url: url.href,
    get open() {
      return sockets.size / 2;
    },
    freeze: () => {
      state = 'frozen';
    },
    cut: () => {
      state = 'cut';
      breakAll();
    },
    heal: () => {
      // What was frozen is out of step.
      if (state === 'frozen') breakAll();
      state = 'healthy';
    },
    swallowAnswerTo: (text) => {
      swallow = text;
    },
    [Symbol.asyncDispose]: async () => {
      breakAll();
      server.close();
      await once(server, 'close');
    },
  };
}
