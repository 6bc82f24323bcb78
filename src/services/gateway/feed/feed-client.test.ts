import { EventEmitter } from 'node:events';
import type { WebSocket } from '@fastify/websocket';
import { expect, test } from 'vitest';
import { FeedClient } from './feed-client.ts';
import type { FeedEntry } from './feed-entry.ts';

/** A socket whose other end takes bytes only when told to. */
class SlowSocket extends EventEmitter {
  bufferedAmount = 0;
  readonly sent: string[] = [];
  terminated = false;
  readonly #written: (() => void)[] = [];
  send(data: string | Buffer, _options?: unknown, written?: () => void): void {
    this.bufferedAmount += data.length;
    this.sent.push(String(data));
    if (written) this.#written.push(written);
  }
  ping(): void {
    this.emit('pinged');
  }
  terminate(): void {
    this.terminated = true;
  }
  drain(): void {
    this.bufferedAmount = 0;
    for (const written of this.#written.splice(0)) written();
  }
}

const size = 1_000;
const message = (sequence: number) => Buffer.from(String(sequence).padEnd(size));

function sourceOf(entries: { first: number; end: number }) {
  return {
    get first() {
      return entries.first;
    },
    get end() {
      return entries.end;
    },
    at: (sequence: number) =>
      ({
        cursor: `after ${sequence}`,
        isBefore: () => false,
        message: () => message(sequence),
      }) as unknown as FeedEntry,
    cursor: () => 'now',
  };
}

const clientOn = (socket: SlowSocket, entries: { first: number; end: number }, next = 0) =>
  new FeedClient(socket as unknown as WebSocket, sourceOf(entries), {
    next,
    cursor: 'where it came from',
    seen: [],
  });

test('a slow client gets everything in order, and never more than about a megabyte waits for it', () => {
  const socket = new SlowSocket();
  const client = clientOn(socket, { first: 0, end: 5_000 });
  client.pump();
  for (let drains = 0; socket.sent.length < 5_000 && drains < 10; drains += 1) {
    expect(socket.bufferedAmount).toBeLessThanOrEqual(1_000_000 + 2 * size);
    client.pump();
    socket.drain();
  }
  expect(socket.sent.map(Number)).toEqual(Array.from({ length: 5_000 }, (_, index) => index));
});

test('a client that the window has left behind is told to load again, and goes on from now', () => {
  const socket = new SlowSocket();
  const entries = { first: 0, end: 3_000 };
  const client = clientOn(socket, entries);
  client.pump();
  const before = socket.sent.length;
  entries.first = 2_500;
  entries.end = 6_000;
  socket.drain();
  expect(JSON.parse(socket.sent[before] ?? '')).toMatchObject({ type: 'resync', cursor: 'now' });
  entries.end = 6_002;
  client.pump();
  expect(socket.sent.slice(before + 1).map(Number)).toEqual([6_000, 6_001]);
});

test('the cursor of a status is where the client stands, not where the feed stands', () => {
  const socket = new SlowSocket();
  const client = clientOn(socket, { first: 0, end: 3_000 });
  const cursorOfStatus = () => {
    client.sendStatus({ behind: 1, status: 'ready' });
    return JSON.parse(socket.sent.at(-1) ?? '').cursor;
  };
  expect(cursorOfStatus()).toBe('where it came from');
  client.pump();
  const pumped = socket.sent.length - 1;
  socket.bufferedAmount = 0;
  expect(cursorOfStatus()).toBe(`after ${pumped - 1}`);
});

test('a connection whose other end is silent is ended', () => {
  const socket = new SlowSocket();
  const client = clientOn(socket, { first: 0, end: 0 });
  client.checkAlive();
  socket.emit('pong');
  client.checkAlive();
  expect(socket.terminated).toBe(false);
  client.checkAlive();
  expect(socket.terminated).toBe(true);
});
