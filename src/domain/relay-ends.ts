/** The place of a record in the log, or the next offset of a partition, as said where it is used. */
export interface Place {
  readonly topic: string;
  readonly partition: number;
  readonly offset: number;
}

/** Offsets of one partition that somebody else wrote: from inclusive, to exclusive. */
export interface Gap {
  readonly topic: string;
  readonly partition: number;
  readonly from: number;
  readonly to: number;
}

/** Up to which offset (exclusive) the relay knows each partition of its topics, by `topic/partition`. */
export type KnownEnds = ReadonlyMap<string, Place>;

const nameOf = (place: { readonly topic: string; readonly partition: number }) =>
  `${place.topic}/${place.partition}`;

export const knownEnds = (ends: readonly Place[]): KnownEnds =>
  new Map(ends.map((end) => [nameOf(end), end]));

export type Comparison =
  | { readonly outcome: 'known'; readonly ends: KnownEnds; readonly gaps: readonly Gap[] }
  /** The log ends before what the relay has seen of it: it is another log, or was put back. */
  | { readonly outcome: 'behind'; readonly place: Place };

/**
 * Compares the places that an append was given with those the relay expected. It is the only sender, one send at
 * a time, so whatever lies between is somebody else's.
 */
export function compareAppended(known: KnownEnds, places: readonly Place[]): Comparison {
  const ends = new Map(known);
  const gaps: Gap[] = [];
  for (const { topic, partition, offset } of [...places].sort((a, b) => a.offset - b.offset)) {
    const name = nameOf({ topic, partition });
    const expected = endOf(ends, { topic, partition });
    if (offset < expected) return { outcome: 'behind', place: { topic, partition, offset } };
    if (offset > expected) gaps.push({ topic, partition, from: expected, to: offset });
    ends.set(name, { topic, partition, offset: offset + 1 });
  }
  return { outcome: 'known', ends, gaps };
}

/** Compares the ends that the log has now with those the relay knows, while nothing is being sent. */
export function compareEnds(known: KnownEnds, ends: readonly Place[]): Comparison {
  const gaps: Gap[] = [];
  for (const { topic, partition, offset } of ends) {
    const expected = endOf(known, { topic, partition });
    if (offset < expected) return { outcome: 'behind', place: { topic, partition, offset } };
    if (offset > expected) gaps.push({ topic, partition, from: expected, to: offset });
  }
  return { outcome: 'known', ends: knownEnds(ends), gaps };
}

/** The known end of a partition; 0 when none is known. */
export const endOf = (
  known: KnownEnds,
  place: { readonly topic: string; readonly partition: number },
): number => known.get(nameOf(place))?.offset ?? 0;

/** The ends that differ from what was known before: what is worth storing. */
export function movedEnds(before: KnownEnds, after: KnownEnds): readonly Place[] {
  return [...after].flatMap(([name, end]) => (before.get(name)?.offset === end.offset ? [] : [end]));
}
