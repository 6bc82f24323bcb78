import { type TopicName, topicNames, topics } from '../../contracts/topics.ts';
import type { EventLog, LogRecord, PartitionRange } from '../../log/event-log.ts';
import type { StoredPosition } from './carried-positions.ts';
import type { PartitionPlan } from './move-plan.ts';
import { isMoved } from './moved-records.ts';

/** Reads the source's topics once and says what would be copied of them. */
export async function measureTopics(
  from: EventLog,
  to: EventLog,
  positions: readonly StoredPosition[],
  nowMs: number,
): Promise<readonly PartitionPlan[]> {
  const plans: PartitionPlan[] = [];
  for (const topic of topicNames) {
    const keptFrom = await offsetsKept(from, to, topic, nowMs);
    const ends = new Map((await to.ranges(topic)).map((range) => [range.partition, range.end]));
    for (const range of await from.ranges(topic)) {
      const kept = Math.max(range.start, keptFrom.get(range.partition) ?? range.start);
      const targetEnd = ends.get(range.partition) ?? 0;
      plans.push(
        await measurePartition(from, range, { kept, targetEnd, processed: processedTo(positions, range) }),
      );
    }
  }
  return plans;
}

/**
 * Per partition the first record that the target keeps. As in a broker's segments, one that is young enough also
 * keeps everything behind it; whatever is older would be deleted as soon as it was written.
 */
async function offsetsKept(from: EventLog, to: EventLog, topic: TopicName, nowMs: number) {
  const config = await to.configuration(topic);
  const retentionMs = Number(config['retention.ms'] ?? -1);
  const deletes = (config['cleanup.policy'] ?? 'delete').split(',').includes('delete');
  if (!deletes || retentionMs < 0) return new Map<number, number>();
  const kept = await from.offsetsAt(topic, nowMs - retentionMs);
  return new Map(kept.map(({ partition, offset }) => [partition, offset]));
}

/** Up to where (exclusive) everybody who reads the webhooks has processed them; nobody waits for other topics. */
function processedTo(
  positions: readonly StoredPosition[],
  { topic, partition, start, end }: PartitionRange,
): number {
  if (topic !== topics.raw) return end;
  const own = positions.filter((each) => each.topic === topic && each.partition === partition);
  return own.length === 0 ? start : Math.min(...own.map((each) => each.nextOffset));
}

async function measurePartition(
  log: EventLog,
  range: PartitionRange,
  { kept, targetEnd, processed }: { kept: number; targetEnd: number; processed: number },
): Promise<PartitionPlan> {
  const { topic, partition, start, end } = range;
  const counted = {
    records: 0,
    bytes: 0,
    largest: 0,
    expired: 0,
    waiting: 0,
    lost: Math.max(0, start - processed),
  };
  for await (const records of log.read({ topic, partition, from: start, to: end })) {
    for (const record of records.filter(isMoved)) {
      const waits = record.offset >= processed;
      if (record.offset < kept) {
        counted.expired += 1;
        if (waits) counted.lost += 1;
        continue;
      }
      const bytes = sizeOf(record);
      counted.records += 1;
      counted.bytes += bytes;
      counted.largest = Math.max(counted.largest, bytes);
      if (waits) counted.waiting += 1;
    }
  }
  return { topic, partition, from: kept, to: end, targetEnd, ...counted };
}

function sizeOf({ key, value, headers }: LogRecord): number {
  const texts = [key, ...Object.entries(headers).flat()];
  return texts.reduce((sum, text) => sum + Buffer.byteLength(text), value?.length ?? 0);
}
