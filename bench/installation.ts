import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openLocalClassifier } from '../src/classification/local/local-classifier.ts';
import { topics } from '../src/contracts/topics.ts';
import { migrate } from '../src/database/migrate.ts';
import { lockDataDirectory } from '../src/database/pglite/data-directory-lock.ts';
import { openPglite } from '../src/database/pglite/open-pglite.ts';
import { openEmbeddedLog } from '../src/log/embedded/embedded-log.ts';
import type { EventLog, NewRecord } from '../src/log/event-log.ts';
import { benchPayload, benchRepositoryId } from './payloads.ts';
import { quietEffects } from './quiet-effects.ts';

/** Log, database and local model in a directory of their own, as `up` opens them, durable like there. */
export async function openBenchInstallation() {
  const directory = await mkdtemp(join(tmpdir(), 'dispatchai-bench-'));
  const { clock, logger, randomness } = quietEffects;
  const lock = await lockDataDirectory(directory, { clock });
  if (lock.kind === 'held') throw new Error(`${directory} is held by ${lock.by}`);
  const log = await openEmbeddedLog({
    file: join(directory, 'log.sqlite'),
    profile: 'development',
    clock,
    logger,
    randomness,
  });
  const database = await openPglite({ directory: join(directory, 'database'), lock, clock, logger });
  await migrate(database);
  const classifier = await openLocalClassifier({ logger });
  return {
    directory,
    log,
    database,
    classifier,
    close: async () => {
      await classifier.close();
      await database.close();
      await log.close();
      lock.release();
      await rm(directory, { recursive: true, force: true });
    },
  };
}

export function benchRecord(n: number): NewRecord {
  const now = Date.now();
  return {
    topic: topics.raw,
    key: `${benchRepositoryId}#${n}`,
    value: benchPayload(n, now),
    headers: {
      'delivery-id': `bench-${n}`,
      event: 'issues',
      action: 'opened',
      issue: `octo/harbor#${n}`,
      'correlation-id': `bench-${n}`,
      'received-at': String(now),
      origin: 'github',
    },
  };
}

/** Fills the log with `count` webhooks from the n-th on. */
export async function preload(log: EventLog, first: number, count: number): Promise<void> {
  for (let n = first; n < first + count; n += 200) {
    const size = Math.min(200, first + count - n);
    await log.append(Array.from({ length: size }, (_, index) => benchRecord(n + index)));
  }
}
