import { Kysely, PGliteDialect, type Transaction } from 'kysely';
import type { Clock } from '../../effects/clock.ts';
import type { Logger } from '../../effects/telemetry.ts';
import type { Channel, Database } from '../database.ts';
import type { Tables } from '../tables.ts';
import { TransactionScope } from '../transaction-scope.ts';
import { kyselyClient } from './kysely-client.ts';
import { type Maintenance, startMaintenance } from './maintenance.ts';
import type { PgliteSession } from './pglite-session.ts';

export interface PgliteDatabaseOptions {
  readonly created: boolean;
  readonly clock: Clock;
  readonly logger: Logger;
  /** Called once, after a close in order. */
  closed(): Promise<void>;
}

/** The embedded driver. All of it is one session: transactions and single statements take turns. */
export class PgliteDatabase implements Database {
  readonly driver = 'pglite';
  readonly queries: Kysely<Tables>;
  /** Whether the directory was made by this start. */
  readonly created: boolean;
  readonly #session: PgliteSession;
  readonly #kysely: Kysely<Tables>;
  readonly #maintenance: Maintenance;
  readonly #closed: () => Promise<void>;
  readonly #scope = new TransactionScope();
  #closing: Promise<void> | undefined;

  constructor(session: PgliteSession, options: PgliteDatabaseOptions) {
    this.#session = session;
    this.created = options.created;
    this.#closed = options.closed;
    this.#kysely = new Kysely<Tables>({ dialect: new PGliteDialect({ pglite: kyselyClient(session) }) });
    this.queries = this.#scope.outside(this.#kysely);
    this.#maintenance = startMaintenance(session, options);
  }

  /**
   * Fires once when nothing more can be asked: it was closed, or PostgreSQL ended. The reason is a
   * DatabaseGoneError.
   */
  get gone(): AbortSignal {
    return this.#session.gone;
  }

  async transaction<Result>(work: (transaction: Transaction<Tables>) => Promise<Result>): Promise<Result> {
    this.#scope.refuseInside();
    return await this.#scope.run((inside) =>
      this.#kysely.transaction().execute((transaction) => inside(() => work(transaction))),
    );
  }

  listen(channel: Channel, wake: () => void): Promise<() => Promise<void>> {
    return this.#session.listen(channel, wake);
  }

  close(): Promise<void> {
    this.#closing ??= this.#close();
    return this.#closing;
  }

  async #close(): Promise<void> {
    await this.#maintenance.stop();
    if (this.#session.gone.aborted) return;
    await this.#session.close();
    await this.#closed();
  }
}
