import { join } from 'node:path';
import type { TopicName } from '../src/contracts/topics.ts';
import { lockDataDirectory } from '../src/database/pglite/data-directory-lock.ts';
import { openPglite } from '../src/database/pglite/open-pglite.ts';
import { systemClock } from '../src/effects/clock.ts';
import { systemRandomness } from '../src/effects/randomness.ts';
import { silent as logger } from '../src/effects/silent.fixture.ts';
import { openEmbeddedLog } from '../src/log/embedded/embedded-log.ts';
import type { StoredDatabase, StoredRecord } from './stored-state.ts';

export async function readEmbeddedDatabase(dataDirectory: string): Promise<StoredDatabase> {
  const lock = await lockDataDirectory(dataDirectory, { clock: systemClock });
  if (lock.kind === 'held') throw new Error(`${dataDirectory} is held by ${lock.by}`);
  const directory = join(dataDirectory, 'database');
  const database = await openPglite({ directory, lock, clock: systemClock, logger });
  try {
    const events = await database.queries.selectFrom('events').select(['delivery_id', 'status']).execute();
    const issues = await database.queries
      .selectFrom('issues')
      .select(['repository_id', 'number', 'title', 'version'])
      .execute();
    const deletions = await database.queries
      .selectFrom('deletions')
      .select(['repository_id', 'number', 'version'])
      .execute();
    return { events, issues, deletions };
  } finally {
    await database.close();
    lock.release();
  }
}

export async function readEmbeddedTopic(
  dataDirectory: string,
  topic: TopicName,
): Promise<readonly StoredRecord[]> {
  const log = await openEmbeddedLog({
    file: join(dataDirectory, 'log.sqlite'),
    profile: 'development',
    clock: systemClock,
    randomness: systemRandomness,
    logger,
  });
  try {
    const records: StoredRecord[] = [];
    for (const range of await log.ranges(topic)) {
      for await (const batch of log.read({ ...range, from: range.start })) {
        for (const { key, value } of batch) records.push({ key, value: value ?? new Uint8Array() });
      }
    }
    return records;
  } finally {
    await log.close();
  }
}
