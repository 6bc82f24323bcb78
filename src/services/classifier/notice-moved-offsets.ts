import { noteMoved, readMirrored } from '../../database/moved-positions.ts';
import type { Position } from '../../database/positions.ts';
import { wasMoved } from '../../domain/moved-offsets.ts';
import type { ClassifierOptions } from './start-classifier.ts';

/**
 * Notices committed offsets that somebody moved with the broker's tools, before they are mirrored over: the positions
 * win, and the report says how to move them on purpose.
 */
export async function noticeMovedOffsets(
  { database, log, group, effects }: ClassifierOptions,
  claimed: readonly Position[],
): Promise<void> {
  const found = (await log.groups()).find((each) => each.group === group);
  if (!found || found.committed.length === 0) return;
  const mirrored = await readMirrored(database.queries, group);
  const moved = claimed.flatMap(({ topic, partition, nextOffset }) => {
    const isHere = (each: { readonly topic: string; readonly partition: number }) =>
      each.topic === topic && each.partition === partition;
    const committed = found.committed.find(isHere)?.offset ?? null;
    const last = mirrored.find(isHere)?.mirrored ?? null;
    if (committed === null || !wasMoved({ position: nextOffset, mirrored: last, committed })) return [];
    return [{ topic, partition, to: committed, position: nextOffset }];
  });
  if (moved.length === 0) return;
  await noteMoved(database.queries, group, moved);
  effects.logger.warn(
    { moved },
    `committed offsets of ${group} are not what was last mirrored: they were moved from outside, or the database was ` +
      'put back. The positions win; to move them on purpose, stop the classifier and run `dispatchai groups seek`.',
  );
}
