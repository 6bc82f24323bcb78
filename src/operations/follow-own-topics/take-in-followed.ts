import type { IssueKey } from '../../contracts/issue.ts';
import { DeletionRecord, type EnrichedIssue, EnrichedRecord } from '../../contracts/topics.ts';
import type { Database, Queries } from '../../database/database.ts';
import { renewFeedId } from '../../database/feed-id.ts';
import { type KnownPlace, moveKnownPlace } from '../../database/followed-positions.ts';
import { readHeldKeys } from '../../database/followed-reads.ts';
import {
  keepPaidAnswers,
  putAnswers,
  putLedgerRows,
  removeDeleted,
  settlePublished,
} from '../../database/followed-writes.ts';
import { upsertIssues } from '../../database/intake-writes.ts';
import { lockIssueKeys } from '../../database/key-locks.ts';
import { owe } from '../../database/outbox.ts';
import { setVersions } from '../../database/sent-records.ts';
import { isPermanent } from '../../domain/followed-ledger.ts';
import {
  type FollowedDecision,
  followDeletions,
  followEnriched,
  type HeldKey,
  type OwnTopic,
} from '../../domain/followed-record.ts';
import type { LogRecord } from '../../log/event-log.ts';
import { eraseTexts } from '../erase-texts.ts';
import { type FollowedKey, followedBatch } from './followed-batch.ts';

export interface TakenIn {
  readonly issues: number;
  readonly deletions: number;
}

/** The place was moved by somebody else meanwhile: nothing was written. */
export type TakeInOutcome = TakenIn | 'elsewhere';

type Decided = FollowedDecision &
  Pick<FollowedKey<unknown>, 'key' | 'text' | 'highest' | 'timestamp'> & {
    readonly row: 'issue' | 'ledger';
  };

/**
 * Takes in what a batch of an own topic has and the database has not, in the transaction that moves the place to
 * `to`: position first, then the keys' locks, then reads, then writes, as whatever changes an issue.
 */
export function takeInFollowed(
  database: Database,
  nowMs: number,
  from: KnownPlace & { readonly topic: OwnTopic },
  to: number,
  records: readonly LogRecord[],
): Promise<TakeInOutcome> {
  return database.transaction(async (transaction) => {
    if ((await moveKnownPlace(transaction, from, to)) === 'elsewhere') return 'elsewhere';
    const reads = readBatch(from.topic, records, nowMs);
    if (reads.keys.length === 0) return { issues: 0, deletions: 0 };
    await lockIssueKeys(transaction, reads.keys);
    const held = await readHeldKeys(transaction, from.topic, reads.keys);
    const decided = reads.decide(held);
    await write(transaction, from.topic, decided);
    await eraseTexts(transaction, erasedKeys(decided), nowMs);
    // What is on the feed already is not told again: a reader who loaded meanwhile would stay with what was here.
    if (decided.some(changesIssue)) await renewFeedId(transaction);
    return {
      issues: decided.filter(({ issue }) => issue !== null).length,
      deletions: decided.filter(({ ledger }) => ledger !== null).length,
    };
  });
}

interface BatchRead {
  readonly keys: readonly IssueKey[];
  readonly decide: (held: ReadonlyMap<string, HeldKey>) => readonly Decided[];
}

function readBatch(topic: OwnTopic, records: readonly LogRecord[], nowMs: number): BatchRead {
  return topic === 'issues.enriched'
    ? decisions(followedBatch(records, EnrichedRecord), (read, held) => followEnriched(read, held, nowMs))
    : decisions(followedBatch(records, DeletionRecord), followDeletions);
}

function decisions<Record>(
  reads: readonly FollowedKey<Record>[],
  decide: (read: FollowedKey<Record>, held: HeldKey) => FollowedDecision,
): BatchRead {
  return {
    keys: reads.map(({ key }) => key),
    decide: (heldKeys) =>
      reads.flatMap((read) => {
        const held = heldKeys.get(read.text);
        if (!held) return [];
        const decision = decide(read, held);
        const isIssue = decision.issue !== null || (held.issueVersion !== null && !decision.removesIssue);
        const { key, text, highest, timestamp } = read;
        return [
          {
            ...decision,
            key,
            text,
            highest,
            timestamp,
            row: isIssue ? ('issue' as const) : ('ledger' as const),
          },
        ];
      }),
  };
}

const changesIssue = ({ issue, removesIssue }: Decided): boolean => issue !== null || removesIssue;

/** Issues that were erased after the state that this database was put back to, or that it never knew. */
const erasedKeys = (decided: readonly Decided[]): readonly IssueKey[] =>
  decided.flatMap(({ ledger, key }) => (isPermanent(ledger) ? [key] : []));

async function write(transaction: Queries, topic: OwnTopic, decided: readonly Decided[]): Promise<void> {
  const issues = decided.flatMap(({ issue, timestamp }) => (issue ? [{ issue, timestamp }] : []));
  await putLedgerRows(
    transaction,
    decided.flatMap(({ ledger }) => (ledger ? [ledger] : [])),
  );
  await removeDeleted(
    transaction,
    decided.flatMap(({ removesIssue, key }) => (removesIssue ? [key] : [])),
  );
  await upsertIssues(
    transaction,
    issues.map(({ issue }) => ({
      repositoryId: issue.repositoryId,
      number: issue.number,
      issue: { state: issue.issue, guards: guardsOf(issue), origin: issue.origin },
      contentHash: issue.contentHash,
      version: issue.version,
    })),
  );
  await keepPaidAnswers(
    transaction,
    decided.flatMap(({ paid }) => paid),
  );
  await putAnswers(
    transaction,
    issues.map(({ issue, timestamp }) => ({ record: issue, at: new Date(timestamp).toISOString() })),
  );
  await settlePublished(
    transaction,
    topic,
    decided.flatMap(({ isPublished, text, highest }) =>
      isPublished ? [{ key: text, version: highest }] : [],
    ),
  );
  await setVersions(
    transaction,
    decided.flatMap(({ raisesTo, key, row }) =>
      raisesTo === null ? [] : [{ ...key, version: raisesTo, row }],
    ),
  );
  await owe(
    transaction,
    decided.flatMap(({ owes, text }) => owes.map((owed) => ({ ...owed, key: text }))),
  );
}

/** A record of before the registers were published: the comments are those of its state. */
const guardsOf = ({ guards, issue }: EnrichedIssue) => ({
  ...(guards ?? { comments: [Date.parse(issue.updatedAt), 0, issue.comments] as const, pin: null }),
  takenOver: true as const,
});
