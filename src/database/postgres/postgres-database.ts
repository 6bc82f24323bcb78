import {
  Kysely,
  PostgresAdapter,
  PostgresIntrospector,
  PostgresQueryCompiler,
  type Transaction,
} from 'kysely';
import type { Clock } from '../../effects/clock.ts';
import type { Logger } from '../../effects/telemetry.ts';
import type { Channel, Database } from '../database.ts';
import { DatabaseGoneError } from '../database-error.ts';
import type { Tables } from '../tables.ts';
import { TransactionScope } from '../transaction-scope.ts';
import { NotificationListener } from './notification-listener.ts';
import { PostgresDriver } from './postgres-driver.ts';
import type { PostgresSession } from './postgres-session.ts';
import { SessionPool } from './session-pool.ts';

export interface PostgresDatabaseOptions {
  readonly connect: () => Promise<PostgresSession>;
  /** Most sessions at once, beside the one that listens. */
  readonly connections: number;
  readonly vectors: boolean;
  readonly clock: Clock;
  readonly logger: Logger;
}

/** The served driver: each transaction and each single statement has a session of its own. */
export class PostgresDatabase implements Database {
  readonly driver = 'postgres';
  readonly queries: Kysely<Tables>;
  /** Whether pgvector was there when this was opened. */
  readonly vectors: boolean;
  readonly #kysely: Kysely<Tables>;
  readonly #pool: SessionPool<PostgresSession>;
  readonly #listener: NotificationListener;
  readonly #scope = new TransactionScope();
  readonly #running = new Set<Promise<unknown>>();
  #closing: Promise<void> | undefined;

  constructor(options: PostgresDatabaseOptions) {
    this.vectors = options.vectors;
    this.#pool = new SessionPool({ ...options, size: options.connections });
    this.#listener = new NotificationListener(options);
    this.#kysely = new Kysely<Tables>({
      dialect: {
        createAdapter: () => new PostgresAdapter(),
        createDriver: () => new PostgresDriver(this.#pool),
        createIntrospector: (database) => new PostgresIntrospector(database),
        createQueryCompiler: () => new PostgresQueryCompiler(),
      },
    });
    this.queries = this.#scope.outside(this.#kysely);
  }

  async transaction<Result>(work: (transaction: Transaction<Tables>) => Promise<Result>): Promise<Result> {
    this.#scope.refuseInside();
    if (this.#closing) throw new DatabaseGoneError('the database is closed');
    const running = this.#scope.run((inside) =>
      this.#kysely.transaction().execute((transaction) => inside(() => work(transaction))),
    );
    this.#running.add(running);
    try {
      return await running;
    } finally {
      this.#running.delete(running);
    }
  }

  listen(channel: Channel, wake: () => void): Promise<() => Promise<void>> {
    return this.#listener.listen(channel, wake);
  }

  close(): Promise<void> {
    this.#closing ??= this.#close();
    return this.#closing;
  }

  async #close(): Promise<void> {
    await this.#listener.close();
    await Promise.allSettled(this.#running);
    await this.#pool.close();
  }
}
