import { chown, mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { entrust } from './end-with-this-process.ts';
import type { PostgresInstallation } from './obtain-postgres.ts';
import { runProgram } from './run-program.ts';
import { ServerContainer } from './server-container.ts';
import { ServerProcess } from './server-process.ts';

interface Access {
  readonly port: number;
  /** Of the superuser `postgres`. */
  readonly password: string;
}

/** Room for several installations at once. */
const maxConnections = ['-c', 'max_connections=200'];
/** Its «fast» shutdown: sessions are ended, everything is written. */
const stopSignal = 'SIGINT';

export async function runPostgresHere(
  { programs, account }: PostgresInstallation,
  { port, password }: Access,
): Promise<ServerProcess> {
  const directory = await mkdtemp(join(tmpdir(), 'dispatchai-postgres-'));
  entrust({ directory });
  const passwordFile = join(directory, 'password');
  await writeFile(passwordFile, password, { mode: 0o600 });
  if (account) {
    for (const path of [directory, passwordFile]) await chown(path, account.uid, account.gid);
  }
  const data = join(directory, 'data');
  const login = ['--username=postgres', `--pwfile=${passwordFile}`, '--auth=scram-sha-256'];
  // Whatever locales the machine has: upper and lower case of all letters, as a server in use knows them.
  const locale = ['--locale=C', '--locale-provider=builtin', '--builtin-locale=C.UTF-8', '--encoding=UTF8'];
  await runProgram(join(programs, 'initdb'), ['--pgdata', data, ...login, ...locale, '--no-instructions'], {
    cwd: directory,
    as: account,
  });
  const listen = ['-p', String(port), '-c', 'listen_addresses=127.0.0.1', '-c', 'unix_socket_directories='];
  return new ServerProcess({
    command: join(programs, 'postgres'),
    args: ['-D', data, ...listen, ...maxConnections],
    as: account,
    stopSignal,
    directory,
  });
}

/** Not tried where this was written: there was no Docker daemon. */
export function runPostgresInDocker(image: string, { port, password }: Access): ServerContainer {
  return new ServerContainer({
    image,
    port: { inside: 5432, outside: port },
    environment: { POSTGRES_PASSWORD: password },
    args: maxConnections,
    stopSignal,
  });
}
