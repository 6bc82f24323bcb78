import { AsyncLocalStorage } from 'node:async_hooks';
import type { Kysely, KyselyPlugin } from 'kysely';

/**
 * Knows, in the work of a transaction and in whatever it calls, that the transaction is open. A statement asked of
 * the database there, not of the transaction, would wait for its own transaction on a single session, and would see
 * and keep what the transaction does not on several: it is refused by every driver.
 */
export class TransactionScope {
  readonly #storage = new AsyncLocalStorage<{ open: boolean }>();

  /** Runs `transact`, whose argument marks the work that it is to run as inside. */
  async run<Result>(transact: (inside: <R>(work: () => R) => R) => Promise<Result>): Promise<Result> {
    const scope = { open: true };
    try {
      return await transact((work) => this.#storage.run(scope, work));
    } finally {
      scope.open = false;
    }
  }

  /** Throws inside a transaction that is still open. */
  refuseInside(): void {
    if (this.#storage.getStore()?.open === true) {
      throw new Error('inside a transaction, ask the transaction, not the database');
    }
  }

  /** The same queries, refused inside. */
  outside<Schema>(queries: Kysely<Schema>): Kysely<Schema> {
    const refuse: KyselyPlugin = {
      transformQuery: ({ node }) => {
        this.refuseInside();
        return node;
      },
      transformResult: async ({ result }) => result,
    };
    return queries.withPlugin(refuse);
  }
}
