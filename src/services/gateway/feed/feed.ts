import type { WebSocket } from '@fastify/websocket';
import { topics } from '../../../contracts/topics.ts';
import { readFeedStanding } from '../../../database/consistency-reads.ts';
import type { Database } from '../../../database/database.ts';
import { lagOf } from '../../../domain/consistency.ts';
import { decodeFeedCursor, encodeFeedCursor, type FeedCursor } from '../../../domain/feed-cursor.ts';
import { FeedWindow, type FeedWindowLimits, type Placement } from '../../../domain/feed-window.ts';
import type { Effects } from '../../../effects/effects.ts';
import type { EventLog, Following, LogRecord } from '../../../log/event-log.ts';
import type { Readiness } from '../../service.ts';
import { FeedClient } from './feed-client.ts';
import { FeedEntry } from './feed-entry.ts';
import type { FeedSource } from './feed-source.ts';

export interface FeedOptions {
  readonly database: Database;
  readonly log: EventLog;
  readonly effects: Effects;
  /** The classifier's group: how far behind it is goes to the clients. */
  readonly group: string;
  /** A word about the process, for the status message. */
  readonly status: () => string;
  readonly limits?: Partial<FeedWindowLimits>;
}

const defaultLimits: FeedWindowLimits = { ageMs: 15 * 60_000, entries: 20_000, bytes: 8_000_000 };
const clientsLimit = 500;
const catchUpMs = 2_000;
const statusEveryMs = 1_000;
const pingEveryMs = 15_000;
const pauseAfterErrorMs = 1_000;
/** Try again later; https://www.iana.org/assignments/websocket/websocket.xhtml */
const closeTryAgainLater = 1013;
const closeGoingAway = 1001;

/**
 * Follows `issues.enriched`, keeps its last minutes, and sends them to every WebSocket. Each instance sees every
 * record, so any of them can serve any cursor.
 */
export class Feed implements FeedSource {
  readonly #options: FeedOptions;
  readonly #limits: FeedWindowLimits;
  readonly #clients = new Set<FeedClient>();
  readonly #waiting = new Set<() => void>();
  readonly #stopping = new AbortController();
  #window: FeedWindow<FeedEntry>;
  #feedId = '';
  #time = 0;
  #following: Following | null = null;
  #readiness: Readiness = { ready: false, reason: 'The feed is being read.' };
  #status: { readonly behind: number; readonly status: string } | null = null;
  #running: Promise<unknown> = Promise.resolve();

  constructor(options: FeedOptions) {
    this.#options = options;
    this.#limits = { ...defaultLimits, ...options.limits };
    this.#window = new FeedWindow([], this.#limits);
  }

  start(): void {
    this.#running = Promise.all([
      this.#followUntilStopped(),
      this.#every(statusEveryMs, () => this.#tellStatus()),
      this.#every(pingEveryMs, () => this.#ping()),
    ]);
  }

  async stop(): Promise<void> {
    this.#stopping.abort();
    for (const client of this.#clients) client.close(closeGoingAway, 'The server stops.');
    await this.#following?.close();
    await this.#running;
  }

  readiness(): Readiness {
    return this.#readiness;
  }

  get first(): number {
    return this.#window.first;
  }

  get end(): number {
    return this.#window.end;
  }

  at(sequence: number): FeedEntry | undefined {
    return this.#window.at(sequence);
  }

  cursor(): string {
    return encodeFeedCursor({ feedId: this.#feedId, time: this.#time, offsets: this.#window.ends });
  }

  /** Takes in a client: it goes on at its cursor, or is told to load again; without one it begins now. */
  async connect(socket: WebSocket, cursor: string | undefined): Promise<void> {
    if (this.#clients.size >= clientsLimit || this.#stopping.signal.aborted) {
      socket.close(closeTryAgainLater, 'Too many connections.');
      return;
    }
    await this.#until(() => this.#readiness.ready);
    const came = cursor === undefined ? null : decodeFeedCursor(cursor);
    const placement = cursor === undefined ? null : await this.#place(came);
    if (socket.readyState !== socket.OPEN) return;
    const resumes = placement?.outcome === 'resume';
    const begin =
      resumes && cursor !== undefined
        ? { next: placement.sequence, cursor, seen: came?.offsets ?? [] }
        : { next: this.end, cursor: this.cursor(), seen: [] };
    const client = new FeedClient(socket, this, begin);
    this.#clients.add(client);
    socket.on('close', () => this.#clients.delete(client));
    // What it missed is still to come: the cursor it came with is where it stands.
    client.sayHello();
    if (placement && !resumes) {
      client.resync(placement.outcome === 'resync' ? placement.reason : 'This server has not read as far.');
    }
    if (this.#status) client.sendStatus(this.#status);
    client.pump();
  }

  async #place(cursor: FeedCursor | null): Promise<Placement> {
    if (cursor === null) return { outcome: 'resync', reason: 'The cursor is none of this feed.' };
    await this.#checkFeedId();
    const place = () => this.#window.place(cursor, this.#feedId, this.#options.effects.clock.now());
    await this.#until(() => place().outcome !== 'ahead');
    return place();
  }

  /** Resolves when it is so after some record was read, at the latest after two seconds. */
  async #until(reached: () => boolean): Promise<void> {
    if (reached()) return;
    const done = new AbortController();
    const check = () => {
      if (reached()) done.abort();
    };
    this.#waiting.add(check);
    await this.#options.effects.clock.sleep(catchUpMs, AbortSignal.any([done.signal, this.#stopping.signal]));
    this.#waiting.delete(check);
  }

  #advanced(): void {
    for (const check of this.#waiting) check();
  }

  async #followUntilStopped(): Promise<void> {
    const { clock, logger } = this.#options.effects;
    while (!this.#stopping.signal.aborted) {
      try {
        await this.#follow();
      } catch (error) {
        // REST needs the database alone.
        this.#readiness = { ready: false, reason: 'The feed cannot be read from the log.', serving: true };
        logger.warn({ error }, 'Following the feed failed; it begins again');
        await clock.sleep(pauseAfterErrorMs, this.#stopping.signal);
      }
    }
  }

  async #follow(): Promise<void> {
    const { database, log, effects, group } = this.#options;
    const standing = await readFeedStanding(database.queries, group, topics.raw);
    const from = await log.offsetsAt(topics.enriched, effects.clock.now() - this.#limits.ageMs);
    const target = await log.ranges(topics.enriched);
    const again = this.#feedId !== '';
    this.#feedId = standing.feedId;
    this.#window = new FeedWindow(from, this.#limits);
    this.#time = effects.clock.now();
    if (again) for (const client of this.#clients) client.resync('The feed begins anew.');
    const caughtUp = () => target.every(({ partition, end }) => (this.#window.ends[partition] ?? 0) >= end);
    if (this.#stopping.signal.aborted) return;
    const following = log.follow(topics.enriched, from);
    this.#following = following;
    try {
      const look = () => {
        if (this.#readiness.ready || !caughtUp()) return;
        this.#readiness = { ready: true };
        this.#advanced();
      };
      look();
      for await (const records of following) {
        this.#take(records);
        look();
      }
    } finally {
      this.#following = null;
      await following.close();
    }
  }

  #take(records: readonly LogRecord[]): void {
    const now = this.#options.effects.clock.now();
    for (const record of records) {
      const { partition, offset, timestamp } = record;
      this.#time = timestamp;
      const make = (offsets: readonly number[]) =>
        new FeedEntry(record, encodeFeedCursor({ feedId: this.#feedId, time: timestamp, offsets }));
      const bytes = record.value?.byteLength ?? 0;
      this.#window.add({ partition, offset, timestamp, bytes }, make, now);
    }
    for (const client of this.#clients) client.pump();
    this.#advanced();
  }

  async #tellStatus(): Promise<void> {
    this.#window.expire(this.#options.effects.clock.now());
    if (this.#clients.size === 0) return;
    const standing = await this.#checkFeedId();
    const ranges = await this.#options.log.ranges(topics.raw);
    const behind = ranges.reduce((sum, range) => {
      const position = standing.positions.find((each) => each.partition === range.partition);
      return sum + lagOf(range, position?.nextOffset ?? null);
    }, 0);
    const status = this.#options.status();
    if (this.#status?.behind === behind && this.#status.status === status) return;
    this.#status = { behind, status };
    for (const client of this.#clients) client.sendStatus(this.#status);
  }

  /** A topic that was written anew is followed anew. */
  async #checkFeedId() {
    const { database, group } = this.#options;
    const standing = await readFeedStanding(database.queries, group, topics.raw);
    if (this.#feedId !== '' && standing.feedId !== this.#feedId) await this.#following?.close();
    return standing;
  }

  async #ping(): Promise<void> {
    for (const client of this.#clients) client.checkAlive();
  }

  async #every(ms: number, work: () => Promise<void>): Promise<void> {
    const { clock, logger } = this.#options.effects;
    const { signal } = this.#stopping;
    while (!signal.aborted) {
      await clock.sleep(ms, signal);
      if (signal.aborted) return;
      await work().catch((error: unknown) => logger.warn({ error }, 'A periodic task of the feed failed'));
    }
  }
}
