import { ownTopics } from '../../domain/followed-record.ts';
import { compareEnds } from '../../domain/relay-ends.ts';
import type { Progress } from '../start-under-lease.ts';
import type { Wake } from '../wake.ts';
import { awaitPairing } from './await-pairing.ts';
import { publishDeadLetters } from './publish-dead-letters.ts';
import { publishRound } from './publish-round.ts';
import { readForeign, readOwnTopics } from './read-own-topics.ts';
import type { Knowledge, RelayContext } from './relay-context.ts';

const rowsPerRound = 500;
/** A wake-up that was lost costs this much. */
const backstopMs = 1_000;
const lookAtEndsEveryMs = 60_000;

/** Publishes what is owed until the lease is lost. Rejects for the database's reasons and for a lost lease. */
export async function publishWhileHeld(context: RelayContext, wake: Wake, progress: Progress): Promise<void> {
  const { clock } = context.effects;
  await awaitPairing(context, (reason) => progress.waiting(reason));
  if (context.lost.aborted) return;
  let knowledge = await readOwnTopics(context);
  let limit = rowsPerRound;
  let lookedAt = clock.monotonic();
  progress.working();
  while (!context.lost.aborted) {
    wake.begin();
    const round = await publishRound(context, knowledge, limit);
    if (round.outcome === 'published') {
      knowledge = round.knowledge;
      limit = Math.min(rowsPerRound, limit * 2);
      progress.working();
      const letters = await publishDeadLetters(context);
      if (letters.outcome === 'uncertain') {
        await waitForLog(context, progress, letters.error);
        continue;
      }
      if (round.more || letters.records > 0) continue;
      if (clock.monotonic() - lookedAt >= lookAtEndsEveryMs) {
        knowledge = await lookAtEnds(context, knowledge);
        lookedAt = clock.monotonic();
      }
      await wake.wait(clock, backstopMs, context.lost);
      continue;
    }
    if (round.outcome === 'too-large') limit = Math.max(1, Math.floor(round.records / 2));
    if (round.outcome === 'uncertain') {
      await waitForLog(context, progress, round.error);
    }
    if (!context.lost.aborted) knowledge = await readOwnTopics(context);
  }
}

async function waitForLog(
  { effects, lost }: RelayContext,
  progress: Progress,
  error: unknown,
): Promise<void> {
  progress.waiting('The log does not take records.');
  effects.logger.warn({ error }, 'Publishing failed; the topics are read before going on');
  await effects.clock.sleep(backstopMs, lost);
}

/** Somebody else's record behind our last one would go unnoticed until the next send. */
async function lookAtEnds(context: RelayContext, known: Knowledge): Promise<Knowledge> {
  const ranges = (await Promise.all(ownTopics.map((topic) => context.log.ranges(topic)))).flat();
  const ends = ranges.map(({ topic, partition, end }) => ({ topic, partition, offset: end }));
  const comparison = compareEnds(known.ends, ends);
  if (comparison.outcome === 'behind') return readOwnTopics(context);
  const knowledge = { ...known, ends: comparison.ends };
  if (comparison.gaps.length > 0) await readForeign(context, comparison.gaps, knowledge);
  return knowledge;
}
