import { formatKey } from '../contracts/issue.ts';
import { DeletionRecord, topics } from '../contracts/topics.ts';
import type { Database, Queries } from '../database/database.ts';
import type { KnownPlace } from '../database/followed-positions.ts';
import { readHeldKeys } from '../database/followed-reads.ts';
import { putLedgerRows, removeDeleted } from '../database/followed-writes.ts';
import { lockIssueKeys } from '../database/key-locks.ts';
import { owe } from '../database/outbox.ts';
import { putSharedPlace, readSharedPlaces } from '../database/shared-ledger.ts';
import { mergeLedgerRows } from '../domain/followed-ledger.ts';
import { nextVersion } from '../domain/version.ts';
import type { Effects } from '../effects/effects.ts';
import type { EventLog, LogRecord } from '../log/event-log.ts';
import { eraseTexts } from './erase-texts.ts';
import { followedBatch } from './follow-own-topics/followed-batch.ts';

export interface ObeySharedLedger extends Pick<Effects, 'clock' | 'logger'> {
  readonly database: Database;
  /** Has, under `issues.deletions`, the ledger of the installation that this branch stands beside. */
  readonly sharedLog: Pick<EventLog, 'identity' | 'ranges' | 'read'>;
}

/**
 * Reads on in the ledger of the installation beside this branch, and takes its permanent rows into the branch's own:
 * what a person asked to be forgotten is forgotten everywhere. Other deletions are that installation's affair.
 */
export async function obeySharedLedger(context: ObeySharedLedger): Promise<void> {
  const { database, sharedLog, clock, logger } = context;
  const { topicIds } = await sharedLog.identity();
  const stored = await readSharedPlaces(database.queries);
  let obeyed = 0;
  for (const { topic, partition, start, end } of await sharedLog.ranges(topics.deletions)) {
    const topicId = topicIds[topics.deletions];
    const place = stored.find((each) => each.partition === partition && each.topicId === topicId);
    const from = place && place.offset <= end ? Math.max(place.offset, start) : start;
    for await (const records of sharedLog.read({ topic, partition, from, to: end })) {
      const last = records.at(-1);
      if (!last) continue;
      const offset = last.offset + 1;
      obeyed += await database.transaction((transaction) =>
        takeIn(transaction, { topic, partition, topicId, offset }, records, clock.now()),
      );
    }
    if (from < end) await putSharedPlace(database.queries, { topic, partition, topicId, offset: end });
  }
  if (obeyed > 0) logger.info({ issues: obeyed }, 'deleted for good beside this branch, and now here too');
}

/** Position, locks, reads, writes: in the order of whatever changes an issue. */
async function takeIn(
  transaction: Parameters<typeof lockIssueKeys>[0] & Queries,
  place: KnownPlace,
  records: readonly LogRecord[],
  nowMs: number,
): Promise<number> {
  await putSharedPlace(transaction, place);
  const read = followedBatch(records, DeletionRecord).flatMap(({ key, text, record }) =>
    record?.permanent && record.liftedAt === null ? [{ key, text, record }] : [],
  );
  if (read.length === 0) return 0;
  const keys = read.map(({ key }) => key);
  await lockIssueKeys(transaction, keys);
  const held = await readHeldKeys(transaction, topics.deletions, keys);
  const rows = read.flatMap(({ text, record }) => {
    const known = held.get(text);
    if (known?.ledger?.permanent) return [];
    // A version of the branch's own: the other installation's are of other topics.
    const version = nextVersion([known?.issueVersion ?? null, known?.ledger?.version ?? null], nowMs);
    return [{ ...mergeLedgerRows(known?.ledger ?? null, record), version }];
  });
  await putLedgerRows(transaction, rows);
  await removeDeleted(transaction, rows);
  await eraseTexts(transaction, rows, nowMs);
  await owe(
    transaction,
    rows.flatMap((row) =>
      [topics.enriched, topics.deletions].map((topic) => ({
        topic,
        key: formatKey(row),
        version: row.version,
      })),
    ),
  );
  return rows.length;
}
