import { fork } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { sql } from 'kysely';
import { afterEach, describe, expect, it } from 'vitest';
import { systemClock } from '../../effects/clock.ts';
import type { Logger } from '../../effects/telemetry.ts';
import { migrate } from '../migrate.ts';
import { type DataDirectoryLock, lockDataDirectory } from './data-directory-lock.ts';
import { DamagedDatabaseError, openPglite } from './open-pglite.ts';
import { makeScratchDirectory } from './scratch-database.fixture.ts';

const warnings: string[] = [];
const logger: Logger = {
  debug: () => undefined,
  info: () => undefined,
  warn: (_context, message) => warnings.push(message),
  error: () => undefined,
  child: () => logger,
};
const leftovers: string[] = [];

async function lockOf(directory: string): Promise<DataDirectoryLock> {
  const lock = await lockDataDirectory(directory, { clock: systemClock });
  if (lock.kind === 'held') throw new Error(`held by ${lock.by}`);
  return lock;
}

async function openIn(directory: string, lock: DataDirectoryLock) {
  return await openPglite({ directory: join(directory, 'database'), lock, clock: systemClock, logger });
}

async function makeDataDirectory(): Promise<string> {
  const directory = await makeScratchDirectory();
  leftovers.push(directory);
  return directory;
}

const writer = new URL('./commit-until-killed.fixture.ts', import.meta.url);
const stateFile = (directory: string) => join(directory, 'database', 'state.json');
const clusterOf = (directory: string) => join(directory, 'database', 'cluster');

describe('the embedded database', { timeout: 60_000 }, () => {
  afterEach(async () => {
    warnings.length = 0;
    for (const directory of leftovers.splice(0)) await rm(directory, { recursive: true, force: true });
  });

  it('keeps every acknowledged commit when its process is killed, and no half of a transaction', async () => {
    const directory = await makeDataDirectory();
    const acknowledged: string[] = [];
    for (const commits of [30, 150]) {
      const before = acknowledged.length;
      const child = fork(writer, [directory], {
        execArgv: [],
      });
      const ended = once(child, 'exit');
      child.on('message', (name) => {
        acknowledged.push(`${before} ${name}`);
        if (acknowledged.length === before + commits) child.kill('SIGKILL');
      });
      expect(await ended).toEqual([null, 'SIGKILL']);

      // The second time also as if the machine had gone down, so that everything is read.
      const afterBoot = commits > 100;
      if (afterBoot)
        await writeFile(stateFile(directory), JSON.stringify({ bootId: 'an earlier boot', clean: false }));
      const lock = await lockOf(directory);
      const database = await openIn(directory, lock);
      const rows = await database.queries.selectFrom('outbox').select('key').execute();
      const found = new Map<string, number>();
      for (const { key } of rows) {
        const name = `${before} ${key.split(' ')[0]}`;
        found.set(name, (found.get(name) ?? 0) + 1);
      }
      expect(acknowledged.slice(before).filter((name) => found.get(name) !== 2)).toEqual([]);
      expect([...found.values()].filter((count) => count !== 2)).toEqual([]);
      await database.queries.deleteFrom('outbox').execute();
      await database.close();
      lock.release();
      expect(warnings).toHaveLength(afterBoot ? 1 : 0);
    }
  });

  it('acknowledges no commit that could not be synced, and ends', async () => {
    const directory = await makeDataDirectory();
    const failing = ['--import', new URL('./fail-sync.fixture.ts', import.meta.url).href];
    const child = fork(writer, [directory], {
      execArgv: failing,
      stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
    });
    const acknowledged: string[] = [];
    let complaint = '';
    child.on('message', (name) => acknowledged.push(String(name)));
    child.stderr?.setEncoding('utf8').on('data', (text: string) => {
      complaint += text;
    });
    expect(await once(child, 'close')).toEqual([1, null]);
    expect(complaint).toContain('the embedded database is gone: EIO: i/o error, fdatasync');
    // Each of them took a sync of its own, and opening took some.
    expect(acknowledged.length).toBeGreaterThan(0);
    expect(acknowledged.length).toBeLessThan(100);

    const lock = await lockOf(directory);
    const database = await openIn(directory, lock);
    const rows = await database.queries.selectFrom('outbox').select('key').execute();
    const found = new Set(rows.map(({ key }) => key));
    expect(
      acknowledged.filter((name) => !found.has(`${name} first`) || !found.has(`${name} second`)),
    ).toEqual([]);
    await database.close();
    lock.release();
  });

  it('sets aside what a crash of the machine damaged, and the next start makes a new one', async () => {
    const directory = await makeDataDirectory();
    const lock = await lockOf(directory);
    const database = await openIn(directory, lock);
    expect(database.created).toBe(false);
    const rows = Array.from({ length: 2_000 }, (_, n) => ({ topic: 'damage', key: `key ${n}`, version: n }));
    await database.queries.insertInto('outbox').values(rows).execute();
    await database.close();

    await writeFile(stateFile(directory), JSON.stringify({ bootId: 'an earlier boot', clean: false }));
    const sound = await openIn(directory, lock);
    expect(warnings).toHaveLength(1);
    const path = await pathOf(sound, 'outbox');
    await sound.close();

    const file = join(clusterOf(directory), path);
    const content = await readFile(file);
    content.fill(0x5a, 8192, 8192 + 600);
    await writeFile(file, content);
    await writeFile(stateFile(directory), JSON.stringify({ bootId: 'an earlier boot', clean: false }));
    const refused = await openIn(directory, lock).catch((error: unknown) => error);
    if (!(refused instanceof DamagedDatabaseError)) throw refused;
    expect(refused.message).toContain(refused.setAside);
    expect(existsSync(join(refused.setAside, 'cluster', path))).toBe(true);
    expect(existsSync(join(directory, 'database'))).toBe(false);

    // As if a first start had been interrupted in the middle, too.
    const draft = `${clusterOf(directory)}.creating`;
    await mkdir(draft, { recursive: true });
    await writeFile(join(draft, 'PG_VERSION'), '18\n');
    const fresh = await openIn(directory, lock);
    expect(fresh.created).toBe(true);
    expect(await migrate(fresh)).toMatchObject({ kind: 'migrated' });
    expect((await readdir(join(directory, 'database'))).sort()).toEqual(['cluster', 'state.json']);
    await fresh.close();
    lock.release();
  });
});

async function pathOf(database: Awaited<ReturnType<typeof openIn>>, table: string): Promise<string> {
  const { rows } = await sql<{ path: string }>`select pg_relation_filepath(${table}) as path`.execute(
    database.queries,
  );
  return rows[0]?.path ?? '';
}
