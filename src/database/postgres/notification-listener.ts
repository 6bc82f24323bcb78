import type { Clock } from '../../effects/clock.ts';
import type { Logger } from '../../effects/telemetry.ts';
import { DatabaseGoneError } from '../database-error.ts';
import type { PostgresSession } from './postgres-session.ts';

export interface NotificationListenerOptions {
  readonly connect: () => Promise<PostgresSession>;
  readonly clock: Clock;
  readonly logger: Logger;
}

const shortestPauseMs = 100;
const longestPauseMs = 5_000;

/**
 * Listens on a session of its own, from the first listener on. When that is lost another one is opened, and then
 * every listener is woken, since a notification may have been missed meanwhile.
 */
export class NotificationListener {
  readonly #options: NotificationListenerOptions;
  readonly #listeners = new Map<string, Set<() => void>>();
  readonly #closed = new AbortController();
  readonly #tried = Promise.withResolvers<void>();
  #session: PostgresSession | undefined;
  /** Whether there was a time without a session since somebody listens. */
  #missed = false;
  #kept: Promise<void> | undefined;

  constructor(options: NotificationListenerOptions) {
    this.#options = options;
  }

  /** Resolves when a notification from now on will wake, be it after the session has come back. */
  async listen(channel: string, wake: () => void): Promise<() => Promise<void>> {
    if (!/^[a-z_]+$/.test(channel)) throw new TypeError(`not a channel name: ${channel}`);
    if (this.#closed.signal.aborted) throw new DatabaseGoneError('the database is closed');
    // A listener of its own, so that one function may listen twice.
    const listener = () => wake();
    const listeners = this.#listeners.get(channel) ?? new Set();
    this.#listeners.set(channel, listeners.add(listener));
    this.#kept ??= this.#keep();
    await this.#tried.promise;
    await this.#tell(`listen ${channel}`);
    return async () => {
      if (listeners.delete(listener) && listeners.size === 0) await this.#tell(`unlisten ${channel}`);
    };
  }

  async close(): Promise<void> {
    this.#closed.abort();
    await this.#kept;
  }

  async #keep(): Promise<void> {
    const { clock, logger } = this.#options;
    const closed = this.#closed.signal;
    let pauseMs = shortestPauseMs;
    while (!closed.aborted) {
      try {
        await this.#listenUntilGone(() => {
          pauseMs = shortestPauseMs;
        });
      } catch (error) {
        this.#missed = true;
        logger.warn({ error }, 'notifications of the database are not heard; it is tried again');
      }
      this.#tried.resolve();
      await clock.sleep(pauseMs, closed);
      pauseMs = Math.min(pauseMs * 2, longestPauseMs);
    }
  }

  /** Rejects with what ended it, unless that was `close`. */
  async #listenUntilGone(listening: () => void): Promise<void> {
    const session = await this.#options.connect();
    try {
      session.onNotification((channel) => this.#wake(channel));
      // Who comes while this is asked finds no session to ask itself.
      const heard = new Set<string>();
      const unheard = () => this.#channels().filter((channel) => !heard.has(channel));
      for (let wanted = unheard(); wanted.length > 0; wanted = unheard()) {
        await session.query(wanted.map((channel) => `listen ${channel}`).join('; '));
        for (const channel of wanted) heard.add(channel);
      }
      this.#session = session;
      listening();
      this.#tried.resolve();
      if (this.#missed) for (const channel of this.#channels()) this.#wake(channel);
      await aborted(AbortSignal.any([session.gone, this.#closed.signal]));
      if (!this.#closed.signal.aborted) throw session.gone.reason;
    } finally {
      this.#session = undefined;
      await session.end();
    }
  }

  /** A session that fails here is replaced, and the new one listens to what is wanted then. */
  async #tell(command: string): Promise<void> {
    const session = this.#session;
    await session?.query(command).catch((error: unknown) => session.abandon(error));
  }

  #channels(): readonly string[] {
    return [...this.#listeners].filter(([, listeners]) => listeners.size > 0).map(([channel]) => channel);
  }

  #wake(channel: string): void {
    for (const wake of this.#listeners.get(channel) ?? []) wake();
  }
}

const aborted = (signal: AbortSignal) =>
  new Promise<void>((resolve) => {
    if (signal.aborted) return resolve();
    signal.addEventListener('abort', () => resolve(), { once: true });
  });
