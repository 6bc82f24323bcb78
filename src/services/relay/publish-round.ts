import { type OwedState, readOwedStates } from '../../database/owed-states.ts';
import { settleSent } from '../../database/sent-records.ts';
import { compareAppended, endOf, movedEnds, type Place } from '../../domain/relay-ends.ts';
import { oweAgain } from './owe-again.ts';
import { readForeign } from './read-own-topics.ts';
import { type Knowledge, LeaseLostError, PlacesMovedError, type RelayContext } from './relay-context.ts';
import { sendStates } from './send-states.ts';

const bytesPerRound = 4_000_000;

export type Round =
  | {
      readonly outcome: 'published';
      readonly records: number;
      readonly more: boolean;
      readonly knowledge: Knowledge;
    }
  /** The log may or may not have taken the records: the topics must be read before anything else is sent. */
  | { readonly outcome: 'uncertain'; readonly error: unknown }
  /** One of so many records is too large: they are to be sent in smaller parts, until it stands alone. */
  | { readonly outcome: 'too-large'; readonly records: number };

/** Publishes the newest state of what is owed longest: one read, one append, one statement that notes it. */
export async function publishRound(context: RelayContext, before: Knowledge, limit: number): Promise<Round> {
  const { database, lease } = context;
  const reader = { places: placesOf(before, [...before.ends.values()]), lease };
  const owed = await readOwedStates(database.queries, { rows: limit, bytes: bytesPerRound }, reader);
  if (!owed.fits) throw new PlacesMovedError();
  const states = owed.states.filter((state) => !isBehind(state));
  await raise(context, owed.states.filter(isBehind));
  const more = owed.more || states.length < owed.states.length;
  if (states.length === 0) return { outcome: 'published', records: 0, more, knowledge: before };
  const send = await sendStates(context, states);
  if (send.outcome !== 'sent') return send;
  const comparison = compareAppended(before.ends, send.places);
  if (comparison.outcome === 'behind') {
    return {
      outcome: 'uncertain',
      error: new Error(`${comparison.place.topic} ends before what was published`),
    };
  }
  const knowledge = { ends: comparison.ends, topicIds: before.topicIds };
  if (comparison.gaps.length > 0)
    await readForeign(context, comparison.gaps, { ...knowledge, ends: new Map() });
  const positions = placesOf(before, movedEnds(before.ends, comparison.ends)).map((end) => ({
    ...end,
    from: endOf(before.ends, end),
  }));
  const sent = states.map(done);
  const outcome = await settleSent(database.queries, lease, sent, positions);
  if (outcome === 'lease-lost') throw new LeaseLostError('another relay was granted the lease');
  return { outcome: 'published', records: send.places.length, more, knowledge };
}

const placesOf = ({ topicIds }: Knowledge, ends: readonly Place[]) =>
  ends.map((end) => ({ ...end, topicId: topicIds[end.topic] ?? '' }));

/** A ledger row on `issues.deletions` keeps its version, whatever was owed: repeating it does no harm. */
const isBehind = ({ topic, value, version, owedVersion }: OwedState): boolean =>
  topic === 'issues.enriched' && value !== null && version < owedVersion;

/** Sent as it is, a state below what was owed would never settle its row, and readers may have seen a newer one. */
async function raise(context: RelayContext, states: readonly OwedState[]): Promise<void> {
  if (states.length === 0) return;
  await oweAgain(
    context,
    states.map(({ topic, key, owedVersion }) => ({ topic, key, last: 0, highest: owedVersion })),
  );
}

const done = ({ topic, key, version, owedVersion }: OwedState) => ({
  topic,
  key,
  version: Math.max(version, owedVersion),
});
