import { Kysely, PostgresDialect, type Transaction } from 'kysely';
import type { Channel, Database } from '../../../src/database/database.ts';
import type { Tables } from '../../../src/database/tables.ts';
import type { SimulatedProcess } from '../engine/simulated-process.ts';
import { type DatabaseFaults, SimulatedConnection } from './simulated-connection.ts';
import { connectionLost, type SimulatedServer } from './simulated-server.ts';

/** One process' pool of connections to the server. */
export class SimulatedDatabase implements Database {
  readonly driver = 'postgres';
  readonly queries: Kysely<Tables>;
  readonly #process: SimulatedProcess;
  readonly #server: SimulatedServer;

  constructor(process: SimulatedProcess, server: SimulatedServer, faults: DatabaseFaults = () => null) {
    this.#process = process;
    this.#server = server;
    let idle: SimulatedConnection[] = [];
    const connect = async () => {
      // A pool hears of the connections that broke while nobody used them.
      idle = idle.filter(({ lost }) => !lost);
      const connection = idle.pop() ?? new SimulatedConnection(process, server, faults);
      return {
        query: (sql: unknown, values?: readonly unknown[]) => connection.query(String(sql), values),
        release: () => {
          if (!connection.lost) idle.push(connection);
        },
      };
    };
    const pool = { options: {}, connect, end: async () => undefined };
    // The dialect uses no more of `pg`'s pool than this.
    type Pool = ConstructorParameters<typeof PostgresDialect>[0]['pool'];
    this.queries = new Kysely<Tables>({ dialect: new PostgresDialect({ pool: pool as unknown as Pool }) });
  }

  async transaction<Result>(work: (transaction: Transaction<Tables>) => Promise<Result>): Promise<Result> {
    return await this.queries.transaction().setIsolationLevel('read committed').execute(work);
  }

  async listen(channel: Channel, wake: () => void): Promise<() => Promise<void>> {
    const stop = await this.#process.call(`listen ${channel}`, () => {
      if (this.#server.away) throw connectionLost('the database cannot be reached');
      return this.#server.listen(this.#process, channel, wake);
    });
    return async () => stop();
  }

  async close(): Promise<void> {
    await this.queries.destroy();
  }
}
