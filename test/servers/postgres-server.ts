import { randomBytes } from 'node:crypto';
import { chown, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Client } from 'pg';
import { entrust } from './end-with-this-process.ts';
import { freePort } from './free-port.ts';
import { obtainPostgres, type PostgresInstallation } from './obtain-postgres.ts';
import { runProgram } from './run-program.ts';
import { ServerProcess } from './server-process.ts';

/** A PostgreSQL with pgvector of its own: empty, on loopback, with fsync as in production. */
export class PostgresServer {
  /** Of a superuser, in the database `postgres`. */
  readonly url: string;
  readonly #directory: string;
  readonly #process: ServerProcess;

  private constructor(url: string, directory: string, process: ServerProcess) {
    this.url = url;
    this.#directory = directory;
    this.#process = process;
  }

  /** A new, empty server; resolves once it takes clients. */
  static async start(options: { readonly port?: number } = {}): Promise<PostgresServer> {
    const { programs, account } = await installation();
    const port = options.port ?? (await freePort());
    const directory = await mkdtemp(join(tmpdir(), 'dispatchai-postgres-'));
    entrust({ directory });
    // Anybody on this machine can reach the port, and a superuser of PostgreSQL can run programs.
    const password = randomBytes(16).toString('hex');
    const passwordFile = join(directory, 'password');
    await writeFile(passwordFile, password, { mode: 0o600 });
    if (account) {
      for (const path of [directory, passwordFile]) await chown(path, account.uid, account.gid);
    }
    const data = join(directory, 'data');
    const login = ['--username=postgres', `--pwfile=${passwordFile}`, '--auth=scram-sha-256'];
    await runProgram(
      join(programs, 'initdb'),
      ['--pgdata', data, ...login, '--encoding=UTF8', '--locale=C', '--no-instructions'],
      { cwd: directory, as: account },
    );
    const settings = {
      port,
      listen_addresses: '127.0.0.1',
      unix_socket_directories: '',
      max_connections: 200,
    };
    const url = `postgres://postgres:${password}@127.0.0.1:${port}/postgres`;
    const server = new PostgresServer(
      url,
      directory,
      new ServerProcess({
        command: join(programs, 'postgres'),
        args: [
          '-D',
          data,
          ...Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`]),
        ],
        as: account,
        // Its «fast» shutdown: sessions are ended, everything is written.
        stopSignal: 'SIGINT',
        ready: () => takesClients(url),
      }),
    );
    await server.#process.start();
    return server;
  }

  /** SIGKILL to the postmaster; resolves once every process of it is gone. */
  async kill(): Promise<void> {
    await this.#process.kill();
  }

  async stop(): Promise<void> {
    await this.#process.stop();
  }

  /** Starts it again after `kill` (it recovers from its log) or `stop`, with its data and on its port. */
  async restart(): Promise<void> {
    await this.#process.start();
  }

  /** Ends it, if it still runs, and removes its data. */
  async remove(): Promise<void> {
    await this.#process.kill();
    await rm(this.#directory, { recursive: true, force: true });
    entrust({ directory: this.#directory, ended: true });
  }
}

async function installation(): Promise<PostgresInstallation> {
  const supply = await obtainPostgres();
  if (supply.kind === 'local') return supply.installation;
  throw new Error(supply.kind);
}

async function takesClients(url: string): Promise<boolean> {
  const client = new Client({ connectionString: url, connectionTimeoutMillis: 2000 });
  try {
    await client.connect();
    await client.query('select 1');
    return true;
  } finally {
    await client.end();
  }
}
