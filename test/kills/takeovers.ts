import { Pool } from 'pg';
import { until } from '../until.ts';

/** Who does what of which only one does it, and when another one begins to: as the database knows it. */
export class Takeovers {
  readonly #pool: Pool;

  constructor(databaseUrl: string) {
    this.#pool = new Pool({ connectionString: databaseUrl, max: 3 });
  }

  /** Who was granted the lease last, by what is written into it. */
  async holder(lease: string): Promise<string> {
    const { rows } = await this.#pool.query<{ holder: string }>('select holder from leases where name = $1', [
      lease,
    ]);
    return rows[0]?.holder ?? '';
  }

  /** Resolves once every partition of `issues.raw` has been claimed anew since now, or the lease was granted anew. */
  async next(of: 'classifier' | 'relay' | 'scheduler', withinMs: number): Promise<() => Promise<void>> {
    const read = () => (of === 'classifier' ? this.#claims() : this.#token(of));
    const before = await read();
    const taken = async () => {
      const now = await read();
      return before.every((number, index) => (now[index] ?? 0) > number);
    };
    return () => until(taken, { what: `another ${of} does the work`, withinMs, everyMs: 100 });
  }

  async #claims(): Promise<readonly number[]> {
    const { rows } = await this.#pool.query<{ claim: number }>(
      `select claim::float8 from positions
        where consumer = 'dispatchai-classifier' and topic = 'issues.raw' order by partition`,
    );
    return rows.map(({ claim }) => claim);
  }

  async #token(lease: string): Promise<readonly number[]> {
    const { rows } = await this.#pool.query<{ token: number }>(
      'select token::float8 from leases where name = $1',
      [lease],
    );
    return rows.map(({ token }) => token);
  }

  close(): Promise<void> {
    return this.#pool.end();
  }
}
