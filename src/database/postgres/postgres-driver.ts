import type { CompiledQuery, DatabaseConnection, Driver, QueryResult } from 'kysely';
import { PostgresError } from '../database-error.ts';
import type { PostgresSession } from './postgres-session.ts';
import type { SessionPool } from './session-pool.ts';

const changing = new Set(['INSERT', 'UPDATE', 'DELETE', 'MERGE']);

/** A session while one transaction, or one statement, has it. */
class LentSession implements DatabaseConnection {
  readonly session: PostgresSession;
  #turn: Promise<unknown> = Promise.resolve();
  #over = false;

  constructor(session: PostgresSession) {
    this.session = session;
  }

  async executeQuery<Row>({ sql, parameters }: CompiledQuery): Promise<QueryResult<Row>> {
    return await this.#inTurn(async () => {
      // Run now it would be committed by itself.
      if (this.#over) throw new Error('the transaction has ended');
      const { rows, command, rowCount } = await this.session.query(sql, parameters);
      if (rowCount === null || !changing.has(command)) return { rows };
      return { rows, numAffectedRows: BigInt(rowCount) };
    });
  }

  // biome-ignore lint/correctness/useYield: nothing is streamed; Kysely asks for the method.
  async *streamQuery(): AsyncGenerator<never> {
    throw new Error('results are not streamed');
  }

  /** Ends the transaction after what still runs of it; what waits behind that is refused. */
  async end(how: 'commit' | 'rollback'): Promise<string> {
    this.#over = true;
    const { command } = await this.#inTurn(() => this.session.query(how));
    return command;
  }

  #inTurn<Result>(work: () => Promise<Result>): Promise<Result> {
    const turn = this.#turn.then(work);
    this.#turn = turn.catch(() => undefined);
    return turn;
  }
}

function lent(connection: DatabaseConnection): LentSession {
  if (connection instanceof LentSession) return connection;
  throw new TypeError('not a session of this driver');
}

/** Kysely's driver over a pool of sessions. */
export class PostgresDriver implements Driver {
  readonly #pool: SessionPool<PostgresSession>;

  constructor(pool: SessionPool<PostgresSession>) {
    this.#pool = pool;
  }

  async init(): Promise<void> {
    // Sessions are opened when they are needed.
  }

  async acquireConnection(): Promise<DatabaseConnection> {
    return new LentSession(await this.#pool.acquire());
  }

  async releaseConnection(connection: DatabaseConnection): Promise<void> {
    this.#pool.release(lent(connection).session);
  }

  async beginTransaction(connection: DatabaseConnection): Promise<void> {
    await lent(connection).session.query('begin isolation level read committed');
  }

  async commitTransaction(connection: DatabaseConnection): Promise<void> {
    // COMMIT of a transaction in which a statement failed is answered with ROLLBACK, and is no error.
    if ((await lent(connection).end('commit')) === 'COMMIT') return;
    throw new PostgresError('the transaction was rolled back because one of its statements failed', {
      code: '25P02',
    });
  }

  async rollbackTransaction(connection: DatabaseConnection): Promise<void> {
    const { session } = lent(connection);
    if (session.reusable) return;
    try {
      await lent(connection).end('rollback');
    } catch (error) {
      // The server rolls back what a lost session began; the caller is to learn why its work failed, not this.
      session.abandon(error);
    }
  }

  async destroy(): Promise<void> {
    await this.#pool.close();
  }
}
