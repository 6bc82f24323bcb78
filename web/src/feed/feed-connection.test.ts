import { beforeEach, describe, expect, it } from 'vitest';
import type { FeedMessage } from '../../../src/contracts/feed.ts';
import { retryDelay } from './backoff.ts';
import { FeedConnection, type Socket } from './feed-connection.ts';

class FakeSocket implements Socket {
  readonly address: string;
  closedByUs = false;
  heard: Parameters<Socket['listen']>[0] | null = null;
  constructor(address: string) {
    this.address = address;
  }
  listen(heard: Parameters<Socket['listen']>[0]): void {
    this.heard = heard;
  }
  close(): void {
    this.closedByUs = true;
    this.heard = null;
  }
  say(message: object): void {
    this.heard?.message(JSON.stringify(message));
  }
}

interface Timer {
  readonly ms: number;
  readonly callback: () => void;
}

let now: number;
let timers: Set<Timer>;
let sockets: FakeSocket[];
let received: FeedMessage[];
let connection: FeedConnection;
const socket = () => sockets.at(-1) as FakeSocket;

/** Fires the one timer that waits, and says how long it would have waited. */
function fire(): number {
  const [timer] = [...timers];
  if (!timer) throw new Error('No timer waits.');
  timers.delete(timer);
  now += timer.ms;
  timer.callback();
  return timer.ms;
}

beforeEach(() => {
  now = 1_000_000;
  timers = new Set();
  sockets = [];
  received = [];
  connection = new FeedConnection(
    {
      open(address) {
        const opened = new FakeSocket(address);
        sockets.push(opened);
        return opened;
      },
      now: () => now,
      after(ms, callback) {
        const timer = { ms, callback };
        timers.add(timer);
        return () => timers.delete(timer);
      },
      fraction: () => 0,
    },
    (message) => received.push(message),
    () => undefined,
  );
  connection.start();
});

describe('the feed', () => {
  it('is live when the server says hello', () => {
    expect(connection.state().phase).toBe('connecting');
    socket().say({ type: 'hello', cursor: 'c1' });
    expect(connection.state()).toMatchObject({ phase: 'live', since: now });
    expect(timers.size).toBe(0);
  });

  it('comes back with the last cursor, waiting longer each time', () => {
    socket().say({ type: 'hello', cursor: 'c1' });
    socket().say({ type: 'new kind', cursor: 'c=2' });
    const lostAt = now;
    socket().heard?.closed();
    const waits = [fire()];
    expect(socket().address).toBe('/ws?cursor=c%3D2');
    for (let tries = 0; tries < 3; tries++) {
      socket().heard?.closed();
      waits.push(fire());
    }
    expect(waits).toEqual([125, 250, 500, 1000]);
    expect(connection.state()).toMatchObject({ phase: 'lost', since: lostAt });
    socket().say({ type: 'hello', cursor: 'c3' });
    expect(connection.state().phase).toBe('live');
    socket().heard?.closed();
    expect(fire()).toBe(125);
  });

  it('gives up a server that never says hello', () => {
    const first = socket();
    expect(fire()).toBe(10_000);
    expect(first.closedByUs).toBe(true);
    expect(connection.state().phase).toBe('lost');
  });

  it('ignores what is no message', () => {
    socket().heard?.message('{');
    socket().heard?.message('null');
    socket().heard?.message(new ArrayBuffer(1));
    socket().say({ type: 'issue' });
    expect(received).toEqual([]);
    expect(connection.state().phase).toBe('connecting');
  });

  it('notes how far the classifier is behind', () => {
    socket().say({ type: 'status', cursor: 'c', behind: 12, status: 'degraded' });
    expect(connection.state()).toMatchObject({ behind: 12, status: 'degraded' });
    connection.measured(0);
    expect(connection.state().behind).toBe(0);
  });

  it('can be told that the server is gone, and to try at once', () => {
    socket().say({ type: 'hello', cursor: 'c1' });
    connection.lose();
    expect(sockets[0]?.closedByUs).toBe(true);
    connection.lose();
    expect(timers.size).toBe(1);
    connection.retryNow();
    expect(sockets).toHaveLength(2);
  });

  it('stays away once stopped', () => {
    connection.stop();
    expect(socket().closedByUs).toBe(true);
    expect(timers.size).toBe(0);
  });
});

it('waits at most 15 s, half of it by chance', () => {
  expect(retryDelay(40, 0)).toBe(7_500);
  expect(retryDelay(40, 0.999_999)).toBe(15_000);
  expect(retryDelay(0, 0.5)).toBe(188);
});
