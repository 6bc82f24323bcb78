import type { Classifier } from '../../classification/classifier.ts';
import type { Answer } from '../../contracts/classification.ts';
import type { Database } from '../../database/database.ts';
import { readHints } from '../../database/intake-reads.ts';
import { compressPayload } from '../../database/payload-bytes.ts';
import { contentHash } from '../../domain/content-hash.ts';
import type { IssueEvent } from '../../domain/issue-event.ts';
import type { LogRecord } from '../../log/event-log.ts';
import { eventsOf, type ReadRecord, readRecord } from './read-record.ts';

/** A record with everything that can be worked out before its transaction begins. */
export interface PreparedRecord extends ReadRecord {
  /** zstd of the record's value; null for a tombstone. */
  readonly payload: Buffer | null;
}

export interface PreparedBatch {
  readonly records: readonly PreparedRecord[];
  /** Local answers of the contents that these payloads carry, by repository and content hash. */
  readonly answers: ReadonlyMap<string, Answer>;
}

export interface PrepareDependencies {
  readonly database: Database;
  readonly classifier: Classifier;
}

export const answerKey = (repositoryId: number, hash: string): string => `${repositoryId}/${hash}`;

/**
 * Parses, compresses and classifies a batch outside any transaction, while the batch before it commits. Deliveries
 * that are stored already, and contents that their issue has an answer for, are not classified; whether they are is
 * decided again inside the transaction.
 */
export async function prepare(
  { database, classifier }: PrepareDependencies,
  records: readonly LogRecord[],
): Promise<PreparedBatch> {
  const read = records.map(readRecord);
  const [answers, payloads] = await Promise.all([
    dropAnswered(database, read).then((unanswered) => classifyContents(classifier, unanswered)),
    Promise.all(records.map((record) => (record.value ? compressPayload(record.value) : null))),
  ]);
  return { records: read.map((each, index) => ({ ...each, payload: payloads[index] ?? null })), answers };
}

interface Unanswered {
  readonly event: IssueEvent;
  readonly hash: string;
}

async function dropAnswered(database: Database, read: readonly ReadRecord[]): Promise<readonly Unanswered[]> {
  const events = eventsOf(read);
  const hints = await readHints(
    database.queries,
    events.map(({ deliveryId, key }) => ({ deliveryId, ...key })),
  );
  return events.flatMap((event) => {
    const hint = hints.get(event.deliveryId);
    // A rebuilt database reads every edit there ever was, and every event of what was deleted.
    const isHistory = hint?.heldSecond != null && event.second < hint.heldSecond;
    if (hint?.known || hint?.isDeleted || isHistory || event.change.field === 'deletion') return [];
    const hash = contentHash(event.state.title, event.state.body ?? '');
    return hint?.answeredHash === hash ? [] : [{ event, hash }];
  });
}

async function classifyContents(
  classifier: Classifier,
  unanswered: readonly Unanswered[],
): Promise<ReadonlyMap<string, Answer>> {
  const contents = new Map(
    unanswered.map(({ event: { key, state }, hash }) => [
      answerKey(key.repositoryId, hash),
      {
        repositoryId: key.repositoryId,
        repository: state.repository,
        title: state.title,
        body: state.body ?? '',
      },
    ]),
  );
  const answers = await classifier.classify([...contents.values()]);
  return new Map([...contents.keys()].map((key, index) => [key, answers[index] as Answer]));
}
