import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { sql } from 'kysely';
import { WebSocket } from 'ws';
import type { FeedMessage } from '../../contracts/feed.ts';
import type { IssueDetail, IssueList } from '../../contracts/rest.ts';
import { readOwedStates } from '../../database/owed-states.ts';
import type { ScratchDatabase } from '../../database/scratch-database.fixture.ts';
import { type Clock, systemClock } from '../../effects/clock.ts';
import type { Effects } from '../../effects/effects.ts';
import { systemRandomness } from '../../effects/randomness.ts';
import { silent, unmeasured } from '../../effects/silent.fixture.ts';
import { openEmbeddedLog } from '../../log/embedded/embedded-log.ts';
import { type Gateway, type GatewayOptions, startGateway } from './start-gateway.ts';

/** The system's clock, moved by as much as a test says. */
export class ShiftedClock implements Clock {
  shift = 0;
  now(): number {
    return systemClock.now() + this.shift;
  }
  monotonic(): number {
    return systemClock.monotonic();
  }
  sleep(ms: number, signal?: AbortSignal): Promise<void> {
    return systemClock.sleep(ms, signal);
  }
}

export interface Socket {
  readonly messages: FeedMessage[];
  /** Resolves with the next message of the type that has not been waited for yet. */
  next<Type extends FeedMessage['type']>(type: Type): Promise<Extract<FeedMessage, { type: Type }>>;
  close(): void;
}

/** A real log, a real database and a gateway over them; `publish` does what a relay does. */
export async function openGateway(scratch: ScratchDatabase, over: Partial<GatewayOptions> = {}) {
  const { database } = scratch;
  const directory = await mkdtemp(join(tmpdir(), 'gateway-'));
  const clock = new ShiftedClock();
  const effects: Effects = { clock, randomness: systemRandomness, logger: silent, meter: unmeasured };
  await sql`truncate issues, classifications, corrections, events, outbox, positions, deletions, audit`.execute(
    database.queries,
  );
  const log = await openEmbeddedLog({
    ...effects,
    file: join(directory, 'log.sqlite'),
    profile: 'development',
  });
  const options: GatewayOptions = {
    database,
    log,
    effects,
    group: 'dispatchai-classifier',
    host: '127.0.0.1',
    port: 0,
    token: null,
    pageDirectory: null,
    health: () => ({ status: 'ready', services: { gateway: { ready: true, reason: null } } }),
    metrics: async () => '# HELP up Whether it is up.\n',
    setup: async () => ({
      version: '0.1.0',
      profile: 'development',
      ingressUrl: 'http://127.0.0.1:8000',
      webhookPath: '/webhook/github',
      secretSource: 'generated',
      secret: 'secret',
      samples: 0,
      classifier: 'local',
    }),
    ...over,
  };
  const running: Gateway[] = [];
  const start = async () => {
    const started = await startGateway(options);
    running.push(started);
    return started;
  };
  const gateway = await start();

  const request = (path: string, init: RequestInit = {}) => fetch(`${gateway.url}${path}`, init);
  const json = async <T>(path: string, init: RequestInit = {}): Promise<T> =>
    (await (await request(path, init)).json()) as T;

  return {
    database,
    log,
    clock,
    gateway,
    /** A further instance over the same stores. */
    start,
    request,
    json,
    list: (query = '') => json<IssueList>(`/api/issues${query}`),
    detail: (number: number) => json<IssueDetail>(`/api/issues/acme/app/${number}`),
    send: (method: string, path: string, body?: unknown) =>
      request(path, {
        method,
        ...(body === undefined
          ? {}
          : { body: JSON.stringify(body), headers: { 'content-type': 'application/json' } }),
      }),
    publish: async () => {
      const { states } = await readOwedStates(
        database.queries,
        { rows: 500, bytes: 4_000_000 },
        { places: [], lease: null },
      );
      await log.append(
        states.flatMap(({ topic, key, value }) =>
          value === null ? [] : [{ topic, key, value: Buffer.from(value), headers: {} }],
        ),
      );
      await sql`delete from outbox`.execute(database.queries);
    },
    connect: (query = '', instance: Gateway = gateway) =>
      openSocket(`${instance.url.replace('http', 'ws')}/ws${query}`),
    [Symbol.asyncDispose]: async () => {
      for (const each of running) await each.stop();
      await log.close();
      await rm(directory, { recursive: true, force: true });
    },
  };
}

export function openSocket(url: string, headers: Record<string, string> = {}): Promise<Socket> {
  const socket = new WebSocket(url, { headers });
  const messages: FeedMessage[] = [];
  let seen = 0;
  let look: () => void = () => undefined;
  socket.on('message', (data) => {
    messages.push(JSON.parse(String(data)));
    look();
  });
  const next = <Type extends FeedMessage['type']>(type: Type) =>
    new Promise<Extract<FeedMessage, { type: Type }>>((resolve) => {
      look = () => {
        for (; seen < messages.length; seen += 1) {
          const message = messages[seen];
          if (message?.type !== type) continue;
          seen += 1;
          look = () => undefined;
          resolve(message as Extract<FeedMessage, { type: Type }>);
          return;
        }
      };
      look();
    });
  return new Promise((resolve, reject) => {
    socket.on('open', () => resolve({ messages, next, close: () => socket.terminate() }));
    socket.on('unexpected-response', (_request, response) => {
      reject(new Error(`status ${response.statusCode}`));
      socket.terminate();
    });
    socket.on('error', reject);
  });
}
