import type { FeedMessage } from '../../../contracts/feed.ts';
import { EnrichedRecord } from '../../../contracts/topics.ts';
import { showIssue, summarise } from '../../../domain/feed-message.ts';
import type { LogRecord } from '../../../log/event-log.ts';

/** A record of `issues.enriched` and, once somebody wants it, the message that all clients get. */
export class FeedEntry {
  readonly cursor: string;
  readonly #partition: number;
  readonly #offset: number;
  #value: Uint8Array | null;
  #message: Buffer | null | undefined;

  constructor(record: LogRecord, cursor: string) {
    this.cursor = cursor;
    this.#partition = record.partition;
    this.#offset = record.offset;
    this.#value = record.value;
  }

  /** Whether a reader whose next offsets these are has seen it. */
  isBefore(offsets: readonly number[]): boolean {
    return this.#offset < (offsets[this.#partition] ?? 0);
  }

  /**
   * Made once, and only when there is a client: a hundred thousand issues that nobody watches cost nothing. Null
   * for a record that is none of ours.
   */
  message(): Buffer | null {
    if (this.#message === undefined) {
      const message = this.#value === null ? null : toMessage(this.#value, this.cursor);
      this.#message = message && Buffer.from(JSON.stringify(message));
      this.#value = null;
    }
    return this.#message;
  }
}

function toMessage(value: Uint8Array, cursor: string): FeedMessage | null {
  const parsed = EnrichedRecord.safeParse(parseJson(value));
  if (!parsed.success) return null;
  const record = parsed.data;
  if (record.type === 'issue') return { type: 'issue', cursor, issue: summarise(showIssue(record)) };
  const { repositoryId, repository, number, version } = record;
  return { type: 'deleted', cursor, repositoryId, repository, number, version };
}

function parseJson(value: Uint8Array): unknown {
  try {
    return JSON.parse(Buffer.from(value.buffer, value.byteOffset, value.byteLength).toString());
  } catch (error) {
    if (error instanceof SyntaxError) return null;
    throw error;
  }
}
