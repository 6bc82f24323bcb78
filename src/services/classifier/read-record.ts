import { RawHeaders } from '../../contracts/topics.ts';
import type { IssueEvent } from '../../domain/issue-event.ts';
import { storableText } from '../../domain/storable-text.ts';
import { readEvent } from '../../github/read-event.ts';
import type { LogRecord } from '../../log/event-log.ts';

/** A record of `issues.raw` and what it says. */
export interface ReadRecord {
  readonly record: LogRecord;
  readonly deliveryId: string;
  /** Null when they are not those of ingress. */
  readonly headers: RawHeaders | null;
  readonly read:
    | { readonly kind: 'event'; readonly event: IssueEvent }
    | { readonly kind: 'unreadable'; readonly reason: string };
}

/** The events among records; those that cannot be read are no part of any issue. */
export const eventsOf = (records: readonly Pick<ReadRecord, 'read'>[]): readonly IssueEvent[] =>
  records.flatMap(({ read }) => (read.kind === 'event' ? [read.event] : []));

export function readRecord(record: LogRecord): ReadRecord {
  const headers = headersOf(record);
  const deliveryId = nameOf(record, headers);
  if (headers === null) {
    return { record, deliveryId, headers, read: unreadable('headers of another producer') };
  }
  const read = record.value === null ? unreadable('no payload') : readEvent(headers, record.value);
  return { record, deliveryId, headers, read };
}

/** The delivery that a record carries, as `readRecord` names it. */
export const deliveryOf = (record: LogRecord): string => nameOf(record, headersOf(record));

/** Made storable once, before anything is compared with what is stored. */
function headersOf(record: LogRecord): RawHeaders | null {
  const headers = RawHeaders.safeParse(
    Object.fromEntries(Object.entries(record.headers).map(([name, value]) => [name, storableText(value)])),
  );
  return headers.success ? headers.data : null;
}

/** Headers of another producer hold no id that could be trusted to be a delivery's: the record's place names it. */
const nameOf = ({ topic, partition, offset, timestamp }: LogRecord, headers: RawHeaders | null): string =>
  headers?.['delivery-id'] ?? `unnamed:${topic}/${partition}/${offset}@${timestamp}`;

const unreadable = (reason: string) => ({ kind: 'unreadable', reason }) as const;
