import type { Classifier } from '../../classification/classifier.ts';
import type { Answer } from '../../contracts/classification.ts';
import { RawHeaders } from '../../contracts/topics.ts';
import type { Database } from '../../database/database.ts';
import { readHints } from '../../database/intake-reads.ts';
import { compressPayload } from '../../database/payload-bytes.ts';
import { contentHash } from '../../domain/content-hash.ts';
import type { IssueEvent } from '../../domain/issue-event.ts';
import { storableText } from '../../domain/storable-text.ts';
import { readEvent } from '../../github/read-event.ts';
import type { LogRecord } from '../../log/event-log.ts';

/** A record with everything that can be worked out before its transaction begins. */
export interface PreparedRecord {
  readonly record: LogRecord;
  readonly deliveryId: string;
  readonly headers: RawHeaders | null;
  readonly read:
    | { readonly kind: 'event'; readonly event: IssueEvent }
    | { readonly kind: 'unreadable'; readonly reason: string };
  /** zstd of the record's value; null for a tombstone. */
  readonly payload: Buffer | null;
}

type Unprepared = Omit<PreparedRecord, 'payload'>;

export interface PreparedBatch {
  readonly records: readonly PreparedRecord[];
  /** Local answers of the contents that these payloads carry, by repository and content hash. */
  readonly answers: ReadonlyMap<string, Answer>;
}

export interface PrepareDependencies {
  readonly database: Database;
  readonly classifier: Classifier;
}

/** The events among records; those that cannot be read are no part of any issue. */
export const eventsOf = (records: readonly Pick<PreparedRecord, 'read'>[]): readonly IssueEvent[] =>
  records.flatMap(({ read }) => (read.kind === 'event' ? [read.event] : []));

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

async function dropAnswered(database: Database, read: readonly Unprepared[]): Promise<readonly Unanswered[]> {
  const events = eventsOf(read);
  const hints = await readHints(
    database.queries,
    events.map(({ deliveryId, key }) => ({ deliveryId, ...key })),
  );
  return events.flatMap((event) => {
    const hint = hints.get(event.deliveryId);
    if (hint?.known) return [];
    const hash = contentHash(event.state.title, event.state.body ?? '');
    return hint?.answeredHash === hash ? [] : [{ event, hash }];
  });
}

function readRecord(record: LogRecord): Unprepared {
  // Made storable once, before anything is compared with what is stored.
  const headers = RawHeaders.safeParse(
    Object.fromEntries(Object.entries(record.headers).map(([name, value]) => [name, storableText(value)])),
  );
  if (!headers.success) {
    // Not ingress's: no delivery id that could be trusted to be one. Its place in the log names it.
    const deliveryId = `unnamed:${record.topic}/${record.partition}/${record.offset}@${record.timestamp}`;
    return {
      record,
      deliveryId,
      headers: null,
      read: { kind: 'unreadable', reason: 'headers of another producer' },
    };
  }
  const deliveryId = headers.data['delivery-id'];
  if (record.value === null) {
    return { record, deliveryId, headers: headers.data, read: { kind: 'unreadable', reason: 'no payload' } };
  }
  return { record, deliveryId, headers: headers.data, read: readEvent(headers.data, record.value) };
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
