import { join } from 'node:path';
import { systemClock } from '../../effects/clock.ts';
import { silent } from '../../effects/silent.fixture.ts';
import { lockDataDirectory } from './data-directory-lock.ts';
import { openPglite } from './open-pglite.ts';

// A child process: commits rows to the database in the directory named by its argument, in transactions of two rows
// and in single statements, and tells its parent each one that was acknowledged. It ends by being killed.
const directory = process.argv[2];
if (directory === undefined) throw new Error('which directory?');
const lock = await lockDataDirectory(directory, { clock: systemClock, description: 'the writer' });
if (lock.kind === 'held') throw new Error(`held by ${lock.by}`);
const database = await openPglite({
  directory: join(directory, 'database'),
  lock,
  clock: systemClock,
  logger: silent,
});

const row = (key: string) => ({ topic: 'crash', key, version: 1 });
for (let number = 0; ; number++) {
  const writing = Array.from({ length: 4 }, async (_, writer) => {
    const name = `${number}/${writer}`;
    if (writer % 2 === 0) {
      await database.transaction(async (open) => {
        await open
          .insertInto('outbox')
          .values(row(`${name} first`))
          .execute();
        await open
          .insertInto('outbox')
          .values(row(`${name} second`))
          .execute();
      });
    } else {
      await database.queries
        .insertInto('outbox')
        .values([row(`${name} first`), row(`${name} second`)])
        .execute();
    }
    process.send?.(name);
  });
  await Promise.all(writing);
}
