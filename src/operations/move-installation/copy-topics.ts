import { topicNames } from '../../contracts/topics.ts';
import type { EventLog } from '../../log/event-log.ts';
import {
  BeforePositions,
  type CarriedPosition,
  carryPosition,
  type StoredPosition,
} from './carried-positions.ts';
import { copyPartition } from './copy-partition.ts';
import type { MovePlan } from './move-plan.ts';
import { counting, type MoveOptions } from './move-progress.ts';

/** Copies every planned partition. Returns where the positions lie on the target. */
export async function copyTopics(
  { from, to }: { readonly from: EventLog; readonly to: EventLog },
  plan: MovePlan,
  positions: readonly StoredPosition[],
  options: MoveOptions,
): Promise<readonly CarriedPosition[]> {
  const { topicIds } = await to.identity();
  const carried: CarriedPosition[] = [];
  for (const topic of topicNames) {
    const partitions = plan.partitions.filter((each) => each.topic === topic);
    const total = partitions.reduce((sum, each) => sum + each.records, 0);
    const onCopied = counting(options, { of: topic, kind: 'records', total });
    for (const partition of partitions) {
      const own = positions.filter((each) => each.topic === topic && each.partition === partition.partition);
      const before = new BeforePositions(own.map((each) => each.nextOffset));
      await copyPartition({ from, to, before, onCopied, signal: options.signal }, partition);
      const target = { end: partition.targetEnd, topicId: topicIds[topic] };
      carried.push(...own.map((each) => carryPosition(each, before.at(each.nextOffset), target)));
    }
  }
  return carried;
}
