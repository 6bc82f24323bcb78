import type { PGlite as PGliteOfKysely } from 'kysely';
import type { PgliteSession } from './pglite-session.ts';
import type { WorkerResult } from './worker-protocol.ts';

function toResults<Row>(result: WorkerResult) {
  const rows = result.rows as Row[];
  // exactOptionalPropertyTypes: absent, not undefined.
  return result.affectedRows === undefined
    ? { rows, fields: [] }
    : { rows, fields: [], affectedRows: result.affectedRows };
}

/** The part of PGlite that Kysely's own dialect uses, over a session in a worker. */
export function kyselyClient(session: PgliteSession): PGliteOfKysely {
  return {
    ready: true,
    waitReady: Promise.resolve(),
    get closed() {
      return session.gone.aborted;
    },
    close: () => session.close(),
    query: async (sql, parameters = []) => toResults(await session.query(sql, parameters)),
    transaction: async (work) => {
      let begun = false;
      try {
        return await session.transaction((transaction) => {
          begun = true;
          return work({
            query: async (sql, parameters = []) => toResults(await transaction.query(sql, parameters)),
            rollback: () => Promise.reject(new Error('a transaction is rolled back by throwing')),
          });
        });
      } catch (error) {
        if (begun) throw error;
        // Kysely waits for this callback before it looks at our promise, and would wait for ever.
        await work({ query: () => Promise.reject(error), rollback: () => Promise.resolve() });
        throw error;
      }
    },
  };
}
