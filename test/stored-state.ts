import { join } from 'node:path';
import { EnrichedRecord, topics } from '../src/contracts/topics.ts';
import { lockDataDirectory } from '../src/database/pglite/data-directory-lock.ts';
import { openPglite } from '../src/database/pglite/open-pglite.ts';
import { systemClock } from '../src/effects/clock.ts';
import { systemRandomness } from '../src/effects/randomness.ts';
import { silent as logger } from '../src/effects/silent.fixture.ts';
import { openEmbeddedLog } from '../src/log/embedded/embedded-log.ts';

/** What a stopped server left behind: its deliveries, its issues, and every record of its feed. */
export async function readStoredState(directory: string) {
  const lock = await lockDataDirectory(directory, { clock: systemClock });
  if (lock.kind === 'held') throw new Error(`${directory} is held by ${lock.by}`);
  const database = await openPglite({
    directory: join(directory, 'database'),
    lock,
    clock: systemClock,
    logger,
  });
  const log = await openEmbeddedLog({
    file: join(directory, 'log.sqlite'),
    profile: 'development',
    clock: systemClock,
    randomness: systemRandomness,
    logger,
  });
  try {
    const events = await database.queries.selectFrom('events').select(['delivery_id', 'status']).execute();
    const issues = await database.queries
      .selectFrom('issues')
      .select(['repository_id', 'number', 'title', 'version'])
      .execute();
    const feed: { key: string; record: EnrichedRecord }[] = [];
    for (const range of await log.ranges(topics.enriched)) {
      for await (const batch of log.read({ ...range, from: range.start })) {
        for (const { key, value } of batch) {
          feed.push({ key, record: EnrichedRecord.parse(JSON.parse(Buffer.from(value ?? []).toString())) });
        }
      }
    }
    return { events, issues, feed };
  } finally {
    await log.close();
    await database.close();
    lock.release();
  }
}
