import { crc32 } from 'node:zlib';
import type { SimulatedProcess } from '../engine/simulated-process.ts';
import { connectionLost, type Session, type SimulatedServer } from './simulated-server.ts';

/** `before`: the statement never ran. `after`: it did, and the answer is lost with the connection. */
export type StatementFault = 'before' | 'after';
export type DatabaseFaults = (statement: 'commit' | 'statement') => StatementFault | null;

interface Answer {
  readonly command: string;
  readonly rowCount: number;
  readonly rows: unknown[];
}

const answer = (command: string, rows: readonly unknown[] = [], rowCount = rows.length): Answer => ({
  command,
  rowCount,
  rows: [...rows],
});

/** One client connection, as Kysely's PostgreSQL dialect uses one of `pg`'s. */
export class SimulatedConnection {
  readonly #process: SimulatedProcess;
  readonly #server: SimulatedServer;
  readonly #faults: DatabaseFaults;
  readonly #session: Session;
  /** A transaction begins with its first statement. */
  #transaction: 'none' | 'asked' | 'open' = 'none';

  constructor(process: SimulatedProcess, server: SimulatedServer, faults: DatabaseFaults) {
    this.#process = process;
    this.#server = server;
    this.#faults = faults;
    this.#session = server.open(process);
  }

  get lost(): boolean {
    return this.#session.lost !== null;
  }

  async query(sql: string, values: readonly unknown[] = []): Promise<Answer> {
    if (/^(begin|start transaction)/i.test(sql)) {
      this.#transaction = 'asked';
      return answer('BEGIN');
    }
    if (/^rollback$/i.test(sql)) return await this.#rollBack();
    if (/^commit$/i.test(sql)) return await this.#commit();
    return await this.#execute(sql, values);
  }

  async #execute(sql: string, values: readonly unknown[]): Promise<Answer> {
    const single = this.#transaction === 'none';
    const begins = this.#transaction !== 'open';
    if (this.#transaction === 'asked') this.#transaction = 'open';
    const fault = this.#faults('statement');
    if (single && isPlainRead(sql)) {
      const read = async () => answer('SELECT', await this.#server.read(this.#session, sql, values));
      return await this.#call(nameOf(sql, values), fault, read);
    }
    return await this.#call(nameOf(sql, values), fault, async () => {
      if (begins) await this.#server.begin(this.#session);
      try {
        const { rows, affectedRows } = await this.#server.execute(this.#session, sql, values);
        if (single) await this.#server.commit(this.#session);
        return answer(commandOf(sql), rows, affectedRows);
      } catch (error) {
        if (single) await this.#server.rollBack(this.#session);
        throw error;
      }
    });
  }

  async #commit(): Promise<Answer> {
    const begun = this.#transaction === 'open';
    this.#transaction = 'none';
    if (!begun) return answer('COMMIT');
    const fault = this.#faults('commit');
    return await this.#call('commit', fault, async () => answer(await this.#server.commit(this.#session)));
  }

  async #rollBack(): Promise<Answer> {
    const begun = this.#transaction === 'open';
    this.#transaction = 'none';
    // The server has rolled back what its client left.
    if (!begun || this.#session.lost !== null) return answer('ROLLBACK');
    return await this.#call('rollback', null, async () => {
      await this.#server.rollBack(this.#session);
      return answer('ROLLBACK');
    });
  }

  #call(name: string, fault: StatementFault | null, effect: () => Promise<Answer>): Promise<Answer> {
    const session = this.#session;
    session.busy = true;
    return this.#process.call(
      name,
      async () => {
        try {
          if (fault === 'before') throw await this.#break('the connection was reset');
          const result = await effect();
          if (fault === 'after') throw await this.#break('the connection was reset before the answer');
          return result;
        } finally {
          session.busy = false;
        }
      },
      {
        when: () => this.#server.admits(session),
        describe: ({ command, rows, rowCount }) => `${command} ${rowCount} ${crc32(JSON.stringify(rows))}`,
        dropped: () => {
          session.busy = false;
        },
      },
    );
  }

  async #break(why: string): Promise<Error> {
    await this.#server.disconnect(this.#session, why);
    return connectionLost(why);
  }
}

/** Nothing of it has to be undone or kept: it needs no transaction, which saves most of what polling costs. */
const isPlainRead = (sql: string): boolean =>
  /^\s*(select|with)\b/i.test(sql) && !/\b(insert|update|delete|pg_notify|lock)/i.test(sql);

const commandOf = (sql: string): string => /^\s*(\w+)/.exec(sql)?.[1]?.toUpperCase() ?? '';

const nameOf = (sql: string, values: readonly unknown[]): string =>
  `${sql.replaceAll(/\s+/g, ' ').trim().slice(0, 60)} [${crc32(JSON.stringify(values))}]`;
