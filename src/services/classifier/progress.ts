import type { TopicName } from '../../contracts/topics.ts';
import type { MovedPosition, Position } from '../../database/positions.ts';
import { lastDelivery } from '../../domain/last-delivery.ts';
import type { PreparedRecord } from './prepare.ts';

/** Where a batch begins, per partition, and under which claim: what the position rows must say to let it in. */
export type BatchStart = ReadonlyMap<
  string,
  { readonly topic: TopicName; readonly partition: number; readonly offset: number; readonly claim: number }
>;

const name = (place: { readonly topic: string; readonly partition: number }) =>
  `${place.topic}/${place.partition}`;

/** The claim number must be ours and the position where the batch begins; offsets may have gaps, positions not. */
export function fitsPositions(positions: readonly Position[], start: BatchStart): boolean {
  return (
    positions.length === start.size &&
    positions.every((position) => {
      const expected = start.get(name(position));
      return expected?.claim === position.claim && expected.offset === position.nextOffset;
    })
  );
}

/** Whether the rows still have the claim and are not before what was committed under it: else they are older ones. */
export function areStillHeld(stored: readonly Position[], held: readonly Position[]): boolean {
  const byName = new Map(stored.map((position) => [name(position), position]));
  return held.every((position) => {
    const row = byName.get(name(position));
    return row !== undefined && row.claim === position.claim && row.nextOffset >= position.nextOffset;
  });
}

/** The next offsets after these records. */
export function advance(records: readonly PreparedRecord[]): readonly MovedPosition[] {
  const moved = new Map<string, MovedPosition>();
  for (const { record, deliveryId } of records) {
    const { topic, partition, offset, timestamp } = record;
    moved.set(name(record), {
      topic,
      partition,
      nextOffset: offset + 1,
      lastDelivery: lastDelivery(deliveryId, timestamp),
    });
  }
  return [...moved.values()];
}

/** Follows the positions of a claim from batch to batch. */
export class Progress {
  readonly #held: Map<string, Position>;

  constructor(positions: readonly Position[]) {
    this.#held = new Map(positions.map((position) => [name(position), position]));
  }

  startOf(records: readonly PreparedRecord[]): BatchStart {
    const start = new Map<string, { topic: TopicName; partition: number; offset: number; claim: number }>();
    for (const { record } of records) {
      const held = this.#held.get(name(record));
      if (!held) throw new Error(`${name(record)} was never claimed`);
      const { topic, partition, nextOffset, claim } = held;
      start.set(name(record), { topic, partition, offset: nextOffset, claim });
    }
    return start;
  }

  moved(moves: readonly MovedPosition[]): void {
    for (const move of moves) {
      const held = this.#held.get(name(move));
      if (held)
        this.#held.set(name(move), { ...held, nextOffset: move.nextOffset, lastDelivery: move.lastDelivery });
    }
  }

  positions(): readonly Position[] {
    return [...this.#held.values()];
  }
}
