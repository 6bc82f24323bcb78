import type { Channel } from '../../../src/database/database.ts';
import { PostgresError } from '../../../src/database/database-error.ts';
import type { Scheduler } from '../engine/scheduler.ts';
import type { SimulatedProcess } from '../engine/simulated-process.ts';
import type { SimulatedPostgres } from './simulated-postgres.ts';

/** What the server knows of one of its clients. */
export interface Session {
  readonly process: SimulatedProcess;
  /** A statement of it is under way. */
  busy: boolean;
  /** Why the connection is no more. */
  lost: string | null;
  /** A statement failed: nothing but a rollback will do. */
  failed: boolean;
  readonly notified: Set<Channel>;
}

/** Looks on while transactions happen, and may ask the database inside them. */
export interface Witness {
  /** After a statement of a transaction that did not fail. */
  executed(
    session: Session,
    sql: string,
    values: readonly unknown[],
    rows: readonly Record<string, unknown>[],
  ): Promise<void> | undefined;
  /** Just before the transaction commits. */
  commits(session: Session): Promise<void> | undefined;
  rolledBack(session: Session): void;
  /** A connection is lost, or none can be had. */
  broke?(session: Session): void;
}

export const connectionLost = (why: string) => new PostgresError(why, { code: '08006' });

const idleInTransactionMs = 5_000;

/** The database server: who has the only session, what a lost connection does to a transaction, who is notified. */
export class SimulatedServer {
  readonly postgres: SimulatedPostgres;
  readonly witnesses: Witness[] = [];
  /** No connection is possible while true. */
  away = false;
  /** Whether a notification gets lost. */
  losesNotification: () => boolean = () => false;
  readonly #scheduler: Scheduler;
  readonly #listeners = new Set<{
    readonly process: SimulatedProcess;
    readonly channel: Channel;
    readonly wake: () => void;
  }>();
  readonly #sessions = new Set<Session>();
  #holder: Session | null = null;

  constructor(postgres: SimulatedPostgres, scheduler: Scheduler) {
    this.postgres = postgres;
    this.#scheduler = scheduler;
  }

  get idle(): boolean {
    return this.#holder === null;
  }

  /** Whether a statement of this session can run now. */
  admits(session: Session): boolean {
    return this.#holder === null || this.#holder === session;
  }

  open(process: SimulatedProcess): Session {
    const session: Session = { process, busy: false, lost: null, failed: false, notified: new Set() };
    this.#sessions.add(session);
    process.onEnd(() => this.#close(session, 'the client went away'));
    return session;
  }

  async begin(session: Session): Promise<void> {
    this.#assertConnected(session);
    this.#holder = session;
    session.failed = false;
    session.notified.clear();
    await this.postgres.savepoint('work');
  }

  /** One statement inside the session's transaction. */
  async execute(session: Session, sql: string, values: readonly unknown[]) {
    this.#assertConnected(session);
    const channel = /pg_notify\('(\w+)'/.exec(sql)?.[1];
    if (channel) session.notified.add(channel as Channel);
    try {
      const result = await this.postgres.query(sql, values);
      for (const witness of this.witnesses) await witness.executed(session, sql, values, result.rows);
      return result;
    } catch (error) {
      session.failed = true;
      throw asPostgresError(error);
    }
  }

  /** A statement outside any transaction that only reads. */
  async read(session: Session, sql: string, values: readonly unknown[]) {
    this.#assertConnected(session);
    return (await this.postgres.query(sql, values)).rows;
  }

  async commit(session: Session): Promise<'COMMIT' | 'ROLLBACK'> {
    this.#assertConnected(session);
    if (session.failed) {
      await this.rollBack(session);
      return 'ROLLBACK';
    }
    for (const witness of this.witnesses) await witness.commits(session);
    await this.postgres.release('work');
    this.#holder = null;
    for (const { process, channel, wake } of this.#listeners) {
      if (session.notified.has(channel) && !this.losesNotification())
        process.tell(`notified ${channel}`, wake);
    }
    return 'COMMIT';
  }

  async rollBack(session: Session): Promise<void> {
    if (this.#holder !== session) return;
    for (const witness of this.witnesses) witness.rolledBack(session);
    await this.postgres.rollBackTo('work');
    await this.postgres.release('work');
    this.#holder = null;
  }

  /** The connection breaks; an open transaction is rolled back. */
  async disconnect(session: Session, why: string): Promise<void> {
    session.lost = why;
    for (const witness of this.witnesses) witness.broke?.(session);
    this.#sessions.delete(session);
    await this.rollBack(session);
  }

  /** Every connection breaks at once. */
  async resetAll(why: string): Promise<void> {
    for (const session of this.#sessions) await this.disconnect(session, why);
    this.#sessions.clear();
  }

  listen(process: SimulatedProcess, channel: Channel, wake: () => void): () => void {
    const listener = { process, channel, wake };
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** What a frozen process holds is freed after a while. */
  freeAfterFreeze(process: SimulatedProcess): void {
    const session = this.#holder;
    if (session?.process !== process) return;
    this.#scheduler.add({
      owner: 'database',
      name: `time-out of ${process.name}, idle in transaction`,
      due: this.#scheduler.time + idleInTransactionMs,
      run: async () => {
        const isIdle = this.#holder === session && process.state === 'frozen' && !session.busy;
        if (!isIdle) return 'not so';
        await this.disconnect(session, 'terminating connection due to idle-in-transaction timeout');
        return 'rolled back';
      },
    });
  }

  #close(session: Session, why: string): void {
    this.#scheduler.add({
      owner: 'database',
      name: `closes a connection of ${session.process.name}`,
      when: () => !session.busy,
      run: async () => {
        await this.disconnect(session, why);
        return why;
      },
    });
  }

  #assertConnected(session: Session): void {
    if (session.lost !== null) throw connectionLost(session.lost);
    if (!this.away) return;
    for (const witness of this.witnesses) witness.broke?.(session);
    throw connectionLost('the database system is shutting down');
  }
}

function asPostgresError(error: unknown): unknown {
  if (!(error instanceof Error && 'code' in error && typeof error.code === 'string')) return error;
  return new PostgresError(error.message, { code: error.code });
}
