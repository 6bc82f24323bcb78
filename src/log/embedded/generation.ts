import type { TopicPartition } from '../event-log.ts';
import type { CommittedOffsets } from './committed-offsets.ts';
import type { HoldPartitions } from './coordinator.ts';
import type { SharedWriter } from './shared-writer.ts';
import type { Store } from './store.ts';
import { defaultLimits, stream } from './stream.ts';

/** What a member does with its partitions. Whether it still holds them is asked in the turn in which it matters. */
export function holdPartitions(
  store: Store,
  writer: SharedWriter,
  committed: CommittedOffsets,
): HoldPartitions {
  return ({ group, id, member, partitions, lost }) => {
    const assertHeld = (places: readonly TopicPartition[]) => {
      const other = places.find(
        (place) => !partitions.some((p) => p.topic === place.topic && p.partition === place.partition),
      );
      if (other) throw new Error(`this generation does not hold ${other.topic}/${other.partition}`);
    };
    return {
      id,
      member,
      partitions,
      lost,
      open: (positions, limits = {}) => {
        assertHeld(positions);
        const { signal, ...bounds } = limits;
        const ended = signal ? AbortSignal.any([lost, signal]) : lost;
        return stream(store, positions, { ...defaultLimits, ...bounds }, ended);
      },
      mirror: async (positions) => {
        assertHeld(positions);
        if (lost.aborted) return 'lost';
        return await writer.write({
          bytes: 0,
          records: 0,
          apply: () => {
            if (lost.aborted) return 'lost';
            committed.put(group, positions);
            return 'mirrored';
          },
        });
      },
      confirm: async () => (lost.aborted ? 'lost' : 'held'),
    };
  };
}
