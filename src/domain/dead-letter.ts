import type { DeadLetterHeaders } from '../contracts/topics.ts';

/** A dead event as it is told: where its record stood, and how it failed. Times are ISO 8601. */
export interface DeadEvent {
  readonly topic: string;
  readonly partition: number;
  readonly offset: number;
  readonly record: {
    readonly key: string;
    readonly headers: Readonly<Record<string, string>>;
    readonly timestamp: number;
  };
  readonly failure: string;
  readonly reason: string;
  readonly attempts: number;
  readonly firstFailedAt: string;
  readonly lastFailedAt: string;
}

export interface DeadLetter {
  readonly value: Uint8Array;
  readonly headers: Readonly<Record<string, string>>;
}

/** The kind of failure of a dead event whose issue was erased, whatever it was before: its letter has nothing left. */
export const erasedFailure = 'Erased';

/**
 * A dead event's record as `issues.dead-letter` takes it. One without a value gets an empty one: without a value it
 * would erase its key from a topic that is compacted.
 */
export function deadLetter(event: DeadEvent, value: Uint8Array | null): DeadLetter {
  const kind = event.failure === erasedFailure ? 'erased' : value === null ? 'none' : 'original';
  const told = headersOf(event, kind);
  return { value: value ?? new Uint8Array(), headers: { ...event.record.headers, ...told } };
}

/** As `deadLetter`, of an event whose record the topic does not take: without its value and its own headers. */
export function smallDeadLetter(event: DeadEvent): DeadLetter {
  const key = event.record.key.slice(0, 200).toWellFormed();
  const small = { ...event, record: { ...event.record, key } };
  return { value: new Uint8Array(), headers: headersOf(small, 'too-large') };
}

const headersOf = (event: DeadEvent, value: DeadLetterHeaders['dead-letter-value']): DeadLetterHeaders => ({
  'dead-letter-topic': event.topic,
  'dead-letter-partition': String(event.partition),
  'dead-letter-offset': String(event.offset),
  'dead-letter-key': event.record.key,
  'dead-letter-timestamp': String(event.record.timestamp),
  'dead-letter-error-class': event.failure,
  'dead-letter-error-message': event.reason,
  'dead-letter-attempts': String(event.attempts),
  'dead-letter-first-failed-at': event.firstFailedAt,
  'dead-letter-last-failed-at': event.lastFailedAt,
  'dead-letter-value': value,
});
