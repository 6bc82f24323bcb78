import { pairingKey, type TopicName } from '../../contracts/topics.ts';
import { settleSent } from '../../database/sent-records.ts';
import { type Gap, type KnownEnds, knownEnds } from '../../domain/relay-ends.ts';
import { SeenRecords } from '../../domain/relay-seen.ts';
import { followOwnTopics } from '../../operations/follow-own-topics/follow-own-topics.ts';
import { assertPaired } from './await-pairing.ts';
import { oweAgain } from './owe-again.ts';
import { assertHeld, type Knowledge, LeaseLostError, type RelayContext } from './relay-context.ts';

/** Keys held in memory before they are worked off. */
const keysHeld = 20_000;

/**
 * Follows the relay's topics from where they are known to their end: rows whose record is there already are done, so
 * that a crash between publishing and marking repeats nothing. What an earlier database, or an earlier state of this
 * one, put there is taken in and not somebody else's: that only what comes between two sends of this relay is.
 */
export async function readOwnTopics(context: RelayContext): Promise<Knowledge> {
  const { database, log, effects, lost } = context;
  const outcome = await followOwnTopics({ database, log, effects, signal: lost });
  if (outcome.kind === 'stopped') throw new LeaseLostError('two thirds of the lease have passed');
  const topicIds = Object.fromEntries(outcome.ends.map(({ topic, topicId }) => [topic, topicId]));
  return { ends: knownEnds(outcome.ends), topicIds };
}

/** Reads what somebody else wrote between the relay's records, and owes its keys again. */
export async function readForeign(
  context: RelayContext,
  gaps: readonly Gap[],
  after: Knowledge,
): Promise<void> {
  let seen = new SeenRecords();
  let foreign = 0;
  let pairings = 0;
  const settle = async (ends: KnownEnds) => {
    await settleForeign(context, seen, { ends, topicIds: after.topicIds });
    seen = new SeenRecords();
  };
  for (const { topic, partition, from, to } of gaps) {
    if (from >= to) continue;
    for await (const records of context.log.read({ topic: topic as TopicName, partition, from, to })) {
      for (const record of records) {
        if (record.key === pairingKey) {
          pairings += 1;
          continue;
        }
        foreign += 1;
        seen.add(record.topic, record.key, record.value);
      }
      // Without new ends: a crash here reads the whole range again.
      if (seen.size >= keysHeld) await settle(new Map());
    }
  }
  if (pairings > 0) await assertPaired(context);
  await settle(after.ends);
  if (foreign > 0) reportForeign(context, gaps, foreign);
}

function reportForeign({ effects }: RelayContext, gaps: readonly Gap[], count: number): void {
  effects.logger.warn(
    { gaps, count },
    'Records that this relay did not write: their issues are published again',
  );
  effects.meter
    .counter('dispatchai_relay_foreign_records_total', 'Records on own topics that somebody else wrote')
    .add(count);
}

async function settleForeign(context: RelayContext, seen: SeenRecords, after: Knowledge): Promise<void> {
  assertHeld(context);
  // First owed again, then noted as known: the other order would forget them in a crash between the two.
  await oweAgain(context, seen.values());
  const positions = [...after.ends.values()].map((end) => ({
    ...end,
    from: 0,
    topicId: after.topicIds[end.topic] ?? '',
  }));
  const outcome = await settleSent(context.database.queries, context.lease, [], positions);
  if (outcome === 'lease-lost') throw new LeaseLostError('another relay was granted the lease');
}
