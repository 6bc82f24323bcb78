import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { cp, mkdtemp, readdir, readFile, rename, rm } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { systemClock } from '../../effects/clock.ts';
import { silent } from '../../effects/silent.fixture.ts';
import { migrate } from '../migrate.ts';
import { lockDataDirectory } from './data-directory-lock.ts';
import { openPglite } from './open-pglite.ts';
import type { PgliteDatabase } from './pglite-database.ts';

export interface ScratchDatabase {
  readonly database: PgliteDatabase;
  readonly directory: string;
  /** Closes it and removes its directory. */
  [Symbol.asyncDispose](): Promise<void>;
}

type Contents = 'empty' | 'migrated';

/**
 * For tests: a fresh embedded database in a temporary directory, with all migrations done unless asked otherwise,
 * in half a second. It is a copy of a template, which the first call on a machine makes, anew for each set of
 * migrations. Not synced to disk.
 */
export async function openScratchDatabase(contents: Contents = 'migrated'): Promise<ScratchDatabase> {
  const directory = await makeScratchDirectory(contents);
  const { database, release } = await open(directory);
  return {
    database,
    directory,
    [Symbol.asyncDispose]: async () => {
      await database.close();
      release();
      await rm(directory, { recursive: true, force: true });
    },
  };
}

/** For tests: a data directory with a database, closed in order, in `database`. The caller removes it. */
export async function makeScratchDirectory(contents: Contents = 'migrated'): Promise<string> {
  const template = await makeTemplate(contents);
  const directory = await mkdtemp(join(tmpdir(), 'dispatchai-scratch-'));
  await cp(template, directory, { recursive: true });
  return directory;
}

async function open(directory: string) {
  const lock = await lockDataDirectory(directory, { clock: systemClock });
  if (lock.kind === 'held') throw new Error(`${directory} is held by ${lock.by}`);
  const database = await openPglite({
    directory: join(directory, 'database'),
    lock,
    clock: systemClock,
    logger: silent,
    durable: false,
  });
  return { database, release: lock.release };
}

async function makeTemplate(contents: Contents): Promise<string> {
  const template = join(tmpdir(), `dispatchai-template-${contents}-${await fingerprint()}`);
  if (existsSync(template)) return template;
  // Under a name of its own and then renamed: several test processes may be making it.
  const draft = await mkdtemp(join(tmpdir(), 'dispatchai-template-draft-'));
  if (contents === 'migrated') await cp(await makeTemplate('empty'), draft, { recursive: true });
  const { database, release } = await open(draft);
  if (contents === 'migrated') await migrate(database);
  await database.close();
  release();
  await rename(draft, template).catch(async (error: unknown) => {
    if (!existsSync(template)) throw error;
    await rm(draft, { recursive: true, force: true });
  });
  return template;
}

/** Of everything that the template is made of. */
async function fingerprint(): Promise<string> {
  const migrations = new URL('../migrations/', import.meta.url);
  const names = (await readdir(migrations)).sort();
  const texts = await Promise.all(names.map((name) => readFile(new URL(name, migrations))));
  const engine = await readFile(createRequire(import.meta.url).resolve('@electric-sql/pglite'));
  const hash = createHash('sha256').update(engine);
  for (const [index, name] of names.entries()) hash.update(name).update(texts[index] ?? '');
  return hash.digest('hex').slice(0, 16);
}
