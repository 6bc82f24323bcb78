import type { Clock } from '../../effects/clock.ts';
import { classifyDatabaseError, DatabaseGoneError, DatabaseUnavailableError } from '../database-error.ts';
import type { PostgresSession } from './postgres-session.ts';
import { sessionWithinMs } from './session-settings.ts';

export type PooledSession = Pick<PostgresSession, 'gone' | 'reusable' | 'end' | 'abandon'>;

export interface SessionPoolOptions<Session> {
  readonly connect: () => Promise<Session>;
  /** Most sessions at once. */
  readonly size: number;
  readonly clock: Clock;
}

/**
 * At most `size` sessions, opened when they are needed and lent to one at a time, in the order of asking. Waiting for
 * one is bounded apart from connecting, a session that hung takes the idle ones with it, and closing waits for those
 * who wait: pg's own pool does none of these.
 */
export class SessionPool<Session extends PooledSession> {
  readonly #options: SessionPoolOptions<Session>;
  readonly #idle: Session[] = [];
  readonly #waiting: (() => void)[] = [];
  /** Lent or being opened. */
  #busy = 0;
  #closing: Promise<void> | undefined;
  readonly #quiet = Promise.withResolvers<void>();

  constructor(options: SessionPoolOptions<Session>) {
    this.#options = options;
  }

  /** Lends a session, which the caller gives back. Rejects when none becomes free within ten seconds. */
  async acquire(): Promise<Session> {
    if (this.#closing) throw new DatabaseGoneError('the database is closed');
    if (this.#busy >= this.#options.size || this.#waiting.length > 0) await this.#turn();
    else this.#busy += 1;
    const idle = this.#idle.pop();
    if (idle) return idle;
    try {
      const session = await this.#options.connect();
      session.gone.addEventListener('abort', () => this.#forget(session));
      return session;
    } catch (error) {
      this.#free();
      if (classifyDatabaseError(error) === 'world') throw error;
      // A certificate that expired, say: never the fault of the statement that wanted the session.
      const reason = error instanceof Error ? error.message : String(error);
      throw new DatabaseUnavailableError(`no session with the database: ${reason}`, { cause: error });
    }
  }

  release(session: Session): void {
    if (session.reusable) this.#idle.push(session);
    else session.abandon(new Error('it was given back inside a transaction'));
    this.#free();
  }

  /** Waits for everything that was lent and for all who wait, then ends the sessions. */
  close(): Promise<void> {
    this.#closing ??= this.#close();
    return this.#closing;
  }

  async #close(): Promise<void> {
    if (this.#busy > 0) await this.#quiet.promise;
    await Promise.all(this.#idle.splice(0).map((session) => session.end()));
  }

  /** Resolves with the place of somebody who is done. */
  async #turn(): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<void>();
    const given = new AbortController();
    const take = () => {
      given.abort();
      resolve();
    };
    this.#waiting.push(take);
    await Promise.race([promise, this.#options.clock.sleep(sessionWithinMs, given.signal)]);
    if (given.signal.aborted) return;
    this.#waiting.splice(this.#waiting.indexOf(take), 1);
    throw new DatabaseUnavailableError('all sessions with the database are in use');
  }

  #free(): void {
    const next = this.#waiting.shift();
    if (next) next();
    else this.#busy -= 1;
    if (this.#busy === 0 && this.#closing) this.#quiet.resolve();
  }

  #forget(session: Session): void {
    const index = this.#idle.indexOf(session);
    if (index >= 0) this.#idle.splice(index, 1);
    // What made one hang has most likely made all hang, and each would be found out only after as long a wait.
    if (session.gone.reason instanceof DatabaseUnavailableError) {
      for (const other of this.#idle.splice(0)) other.abandon(session.gone.reason);
    }
  }
}
