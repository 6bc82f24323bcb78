import type { KyselyPlugin, RawNode, Transaction } from 'kysely';
import type { Database } from '../../src/database/database.ts';
import type { Tables } from '../../src/database/tables.ts';

/** The same database, whose transactions run other SQL where `take` changes a statement's text. */
export function withoutGuard(database: Database, take: (text: string) => string): Database {
  const plugin: KyselyPlugin = {
    transformQuery: ({ node }) => {
      if (node.kind !== 'RawNode') return node;
      const raw: RawNode = { ...node, sqlFragments: node.sqlFragments.map(take) };
      return raw;
    },
    transformResult: async ({ result }) => result,
  };
  return {
    driver: database.driver,
    queries: database.queries,
    transaction: (work) =>
      database.transaction((transaction) => work(transaction.withPlugin(plugin) as Transaction<Tables>)),
    listen: (channel, wake) => database.listen(channel, wake),
    close: () => database.close(),
  };
}
