import type { Clock } from '../../effects/clock.ts';
import type { Generation, TopicPartition, TopicPartitionOffset } from '../event-log.ts';
import { asUnavailable } from './broker-failure.ts';
import { type GroupSession, groupTimes, isOver, type Joined } from './group-session.ts';
import type { ReaderOptions } from './log-reader.ts';
import { readOn } from './readings.ts';
import { defaultLimits } from './record-queue.ts';
import type { TopicNames } from './topic-directory.ts';

export interface HeldPartitions {
  readonly joined: Joined;
  readonly partitions: readonly TopicPartition[];
  readonly lost: AbortSignal;
  readonly session: GroupSession;
  readonly names: TopicNames;
  readonly clock: Clock;
  readonly reader: ReaderOptions;
}

/** What a member does with its partitions while it holds them. */
export function holdPartitions(held: HeldPartitions): Generation {
  const { joined, partitions, lost, session, names, clock, reader } = held;
  const assertHeld = (places: readonly TopicPartition[]) => {
    const other = places.find(
      (place) => !partitions.some((p) => p.topic === place.topic && p.partition === place.partition),
    );
    if (other) throw new Error(`this generation does not hold ${other.topic}/${other.partition}`);
  };
  return {
    id: joined.generation,
    member: joined.member,
    partitions,
    lost,
    open: (positions, { signal, ...limits } = {}) => {
      assertHeld(positions);
      const ended = signal ? AbortSignal.any([lost, signal]) : lost;
      return readOn(reader, positions, { ...defaultLimits, ...limits }, ended);
    },
    mirror: async (positions: readonly TopicPartitionOffset[]) => {
      assertHeld(positions);
      if (lost.aborted) return 'lost';
      try {
        await session.commit(
          joined,
          positions.map(({ topic, partition, offset }) => ({ topic: names[topic], partition, offset })),
        );
        return 'mirrored';
      } catch (error) {
        if (isOver(error) || lost.aborted) return 'lost';
        throw asUnavailable(error, 'offsets cannot be mirrored');
      }
    },
    confirm: async () => {
      // Silence is no answer: it goes on until the coordinator speaks or the session has passed.
      while (!lost.aborted) {
        try {
          await session.heartbeat(joined);
          return lost.aborted ? 'lost' : 'held';
        } catch (error) {
          if (isOver(error)) return 'lost';
          await clock.sleep(groupTimes.heartbeat, lost);
        }
      }
      return 'lost';
    },
  };
}
