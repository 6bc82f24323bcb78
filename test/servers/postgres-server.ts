import { randomBytes } from 'node:crypto';
import { Client } from 'pg';
import { freePort } from './free-port.ts';
import { obtainPostgres } from './obtain-postgres.ts';
import { runPostgresHere, runPostgresInDocker } from './postgres-run.ts';
import { Server, type ServerRun } from './server.ts';

/** A PostgreSQL with pgvector of its own: empty, on loopback, with fsync as in production. */
export class PostgresServer extends Server {
  /** Of a superuser, in the database `postgres`. */
  readonly url: string;

  private constructor(url: string, run: ServerRun) {
    super(run);
    this.url = url;
  }

  /** A new, empty server; resolves once it takes clients. */
  static async start(options: { readonly port?: number } = {}): Promise<PostgresServer> {
    const supply = await obtainPostgres();
    if (supply.kind === 'missing') throw new Error(supply.advice);
    const port = options.port ?? (await freePort());
    // Anybody on this machine can reach the port, and a superuser of PostgreSQL can run programs.
    const password = randomBytes(16).toString('hex');
    const run =
      supply.kind === 'local'
        ? await runPostgresHere(supply.installation, { port, password })
        : runPostgresInDocker(supply.image, { port, password });
    const server = new PostgresServer(`postgres://postgres:${password}@127.0.0.1:${port}/postgres`, run);
    await server.restart();
    return server;
  }

  protected override async takesClients(): Promise<boolean> {
    const client = new Client({ connectionString: this.url, connectionTimeoutMillis: 2000 });
    try {
      await client.connect();
      await client.query('select 1');
      return true;
    } finally {
      await client.end();
    }
  }
}
