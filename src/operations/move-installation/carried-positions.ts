import type { TopicName } from '../../contracts/topics.ts';
import { lastDelivery } from '../../domain/last-delivery.ts';
import type { LogRecord } from '../../log/event-log.ts';

/** A row of `positions`: up to where (exclusive) a consumer has processed a partition. */
export interface StoredPosition {
  readonly consumer: string;
  readonly topic: TopicName;
  readonly partition: number;
  readonly nextOffset: number;
  readonly lastDelivery: string | null;
  readonly claim: number;
}

export type CarriedPosition = StoredPosition & { readonly topicId: string };

/** The copied records of a partition that lie before an offset of the source. */
export interface CopiedBefore {
  readonly records: number;
  /** Names the last of them; null when it has no delivery id, or there is no record. */
  readonly lastDelivery: string | null;
}

/** Counts, while a partition is copied in order, what lies before each of its positions. */
export class BeforePositions {
  readonly #before: Map<number, CopiedBefore>;

  constructor(offsets: readonly number[]) {
    this.#before = new Map(offsets.map((offset) => [offset, { records: 0, lastDelivery: null }]));
  }

  copied(record: Pick<LogRecord, 'offset' | 'timestamp' | 'headers'>): void {
    const delivery = record.headers['delivery-id'];
    const last = delivery === undefined ? null : lastDelivery(delivery, record.timestamp);
    for (const [offset, { records }] of this.#before) {
      if (record.offset >= offset) continue;
      this.#before.set(offset, { records: records + 1, lastDelivery: last });
    }
  }

  at(offset: number): CopiedBefore {
    return this.#before.get(offset) ?? { records: 0, lastDelivery: null };
  }
}

/**
 * A position on the target. The copied records lie there without gaps from `targetEnd` on, so the record after the
 * last processed one is found by counting; nothing is read again, and nothing is passed over.
 */
export function carryPosition(
  position: StoredPosition,
  before: CopiedBefore,
  target: { readonly end: number; readonly topicId: string },
): CarriedPosition {
  return {
    ...position,
    topicId: target.topicId,
    nextOffset: target.end + before.records,
    lastDelivery: before.lastDelivery,
  };
}
