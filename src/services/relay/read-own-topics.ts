import { parseKey } from '../../contracts/issue.ts';
import type { TopicName } from '../../contracts/topics.ts';
import { readHeldVersions, readRelayPositions, settleSent } from '../../database/sent-records.ts';
import { type Gap, type KnownEnds, knownEnds, type Place } from '../../domain/relay-ends.ts';
import { isOvertaken, type Seen, SeenRecords } from '../../domain/relay-seen.ts';
import { oweAgain } from './owe-again.ts';
import { type Knowledge, LeaseLostError, type RelayContext, relayTopics } from './relay-context.ts';
import { writeTopicAnew } from './write-topic-anew.ts';

/** Keys held in memory before they are worked off; an own topic may be read from its start. */
const keysHeld = 20_000;

/**
 * Reads the relay's topics from where they are known to their end: rows whose record is there already are done,
 * so that a crash between publishing and marking repeats nothing.
 */
export async function readOwnTopics(context: RelayContext): Promise<Knowledge> {
  const { topicIds } = await context.log.identity();
  const stored = await readRelayPositions(context.database.queries);
  const ends: Place[] = [];
  for (const topic of relayTopics) {
    const ranges = await context.log.ranges(topic);
    const known = ranges.map((range) => {
      const position = stored.find((each) => each.topic === topic && each.partition === range.partition);
      const gone = position && (position.topicId !== topicIds[topic] || position.offset > range.end);
      const from = position && !gone ? Math.max(position.offset, range.start) : range.start;
      return { range, from, gone: gone === true };
    });
    if (known.some((each) => each.gone)) await writeTopicAnew(context, topic);
    const gaps = known.map(({ range, from }) => ({ topic, partition: range.partition, from, to: range.end }));
    ends.push(...gaps.map(({ partition, to }) => ({ topic, partition, offset: to })));
    const moved = known.some(({ range, from, gone }) => gone || from < range.end);
    const whole = knownEnds(ends.filter((end) => end.topic === topic));
    if (moved) await workOff(context, gaps, 'own', { ends: whole, topicIds });
  }
  return { ends: knownEnds(ends), topicIds };
}

/** Reads what somebody else wrote between the relay's records, and owes its keys again. */
export async function readForeign(
  context: RelayContext,
  gaps: readonly Gap[],
  after: Knowledge,
): Promise<void> {
  const count = gaps.reduce((sum, gap) => sum + gap.to - gap.from, 0);
  context.effects.logger.warn(
    { gaps, count },
    'Records that this relay did not write: their issues are published again',
  );
  context.effects.meter
    .counter('dispatchai_relay_foreign_records_total', 'Records on own topics that somebody else wrote')
    .add(count);
  await workOff(context, gaps, 'foreign', after);
}

async function workOff(
  context: RelayContext,
  gaps: readonly Gap[],
  written: 'own' | 'foreign',
  after: Knowledge,
): Promise<void> {
  let seen = new SeenRecords();
  const settle = async (ends: KnownEnds) => {
    await settleSeen(context, seen.values(), written, { ends, topicIds: after.topicIds });
    seen = new SeenRecords();
  };
  for (const { topic, partition, from, to } of gaps) {
    if (from >= to) continue;
    for await (const records of context.log.read({ topic: topic as TopicName, partition, from, to })) {
      for (const record of records) seen.add(record.topic, record.key, record.value);
      // Without new ends: a crash here reads the whole range again.
      if (seen.size >= keysHeld) await settle(new Map());
    }
  }
  await settle(after.ends);
}

async function settleSeen(
  context: RelayContext,
  seen: readonly Seen[],
  written: 'own' | 'foreign',
  after: Knowledge,
): Promise<void> {
  if (context.lost.aborted) throw new LeaseLostError('two thirds of the lease have passed');
  const again = written === 'foreign' ? seen : await overtaken(context, seen);
  // First owed again, then noted as known: the other order would forget them in a crash between the two.
  await oweAgain(context, again);
  const done =
    written === 'foreign' ? [] : seen.map(({ topic, key, highest }) => ({ topic, key, version: highest }));
  const positions = [...after.ends.values()].map((end) => ({
    ...end,
    topicId: after.topicIds[end.topic] ?? '',
  }));
  const outcome = await settleSent(context.database.queries, context.lease, done, positions);
  if (outcome === 'lease-lost') throw new LeaseLostError('another relay was granted the lease');
}

async function overtaken(context: RelayContext, seen: readonly Seen[]): Promise<readonly Seen[]> {
  const keyed = seen.flatMap((each) => {
    const key = parseKey(each.key);
    return key ? [{ ...each, ...key }] : [];
  });
  if (keyed.length === 0) return [];
  const held = await readHeldVersions(context.database.queries, keyed);
  const byName = new Map(held.map((each) => [`${each.topic}\n${each.key}`, each]));
  return keyed.filter((each) => {
    const now = byName.get(`${each.topic}\n${each.key}`);
    if (!now) return false;
    const state = each.topic === 'issues.deletions' ? now.ledger : (now.issue ?? now.ledger);
    const owed = now.owed !== null && now.owed > each.highest ? now.owed : null;
    return isOvertaken(each, { state, owed });
  });
}
