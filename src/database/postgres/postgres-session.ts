import { Client, type ClientConfig, type QueryResult } from 'pg';
import type { Clock } from '../../effects/clock.ts';
import { DatabaseUnavailableError, isStalePlan } from '../database-error.ts';
import { answerWithinMs } from './session-settings.ts';
import type { StatementNames } from './statement-names.ts';
import { toParameter } from './value-types.ts';

/** Longest wait for a server that is told good-bye. */
const goodbyeWithinMs = 1_000;

/** One connection. It takes one statement at a time, and is never used again after a failure of the connection. */
export class PostgresSession {
  readonly #client: Client;
  readonly #clock: Clock;
  readonly #names: StatementNames;
  readonly #gone = new AbortController();

  private constructor(config: ClientConfig, clock: Clock, names: StatementNames) {
    this.#client = new Client(config);
    this.#clock = clock;
    this.#names = names;
    // pg tells of a connection lost between two statements by this event, and without a listener it ends the process.
    this.#client.on('error', (error) => this.#end(error));
    this.#client.on('end', () => this.#end(new Error('Connection terminated unexpectedly')));
  }

  /** Rejects when there is no session within two seconds. */
  static async connect(config: ClientConfig, clock: Clock, names: StatementNames): Promise<PostgresSession> {
    const session = new PostgresSession(config, clock, names);
    try {
      await session.#client.connect();
    } catch (error) {
      session.abandon(error);
      throw error;
    }
    return session;
  }

  /** Fires once when the connection is lost or ended; the reason is the error that statements were answered with. */
  get gone(): AbortSignal {
    return this.#gone.signal;
  }

  /** Whether it is alive and in no transaction. */
  get reusable(): boolean {
    return !this.gone.aborted && this.#client.getTransactionStatus() === 'I';
  }

  /** Several statements in one text are possible without parameters; the last one's result is returned. */
  async query(text: string, parameters: readonly unknown[] = []): Promise<QueryResult> {
    this.gone.throwIfAborted();
    const name = parameters.length > 0 ? this.#names.nameOf(text) : undefined;
    const answered = new AbortController();
    void this.#clock.sleep(answerWithinMs, answered.signal).then(() => {
      if (!answered.signal.aborted) this.abandon(new DatabaseUnavailableError('the database gave no answer'));
    });
    try {
      const values = parameters.map(toParameter);
      const result = await this.#client.query(name === undefined ? { text, values } : { name, text, values });
      return lastOf(result);
    } catch (error) {
      // Not pg's "Connection terminated", but why.
      if (this.gone.aborted) throw this.gone.reason;
      if (endsSession(error)) this.abandon(error);
      throw error;
    } finally {
      answered.abort();
    }
  }

  onNotification(receive: (channel: string) => void): void {
    this.#client.on('notification', ({ channel }) => receive(channel));
  }

  /** Ends it in order. A server that hangs is not waited for. */
  async end(): Promise<void> {
    if (this.gone.aborted) return;
    const ended = new AbortController();
    const closed = this.#client.end().finally(() => ended.abort());
    await Promise.race([closed, this.#clock.sleep(goodbyeWithinMs, ended.signal)]);
    this.abandon(new Error('it was closed'));
  }

  /** Drops the connection where it is; the server rolls back what is open. */
  abandon(reason: unknown): void {
    this.#end(reason);
    this.#client.connection.stream.destroy();
  }

  #end(reason: unknown): void {
    if (!this.gone.aborted) this.#gone.abort(reason);
  }
}

/** pg's types do not tell that several statements give several results. */
function lastOf(result: QueryResult | readonly QueryResult[]): QueryResult {
  if (!('rows' in result)) {
    const last = result.at(-1);
    if (last === undefined) throw new Error('PostgreSQL gave no answer');
    return last;
  }
  return result;
}

/** After these the server closes the connection, or would answer this statement so again. */
function endsSession(error: unknown): boolean {
  if (!(error instanceof Error && 'code' in error)) return false;
  return isStalePlan(error) || /^(08...|57P0.|25P03|25P04)$/.test(String(error.code));
}
