import { EnrichedRecord, topics } from '../../contracts/topics.ts';
import type { OwedState } from '../../database/owed-states.ts';
import { shortenState } from '../../domain/shorten-state.ts';
import { type NewRecord, RecordTooLargeError, type TopicPartitionOffset } from '../../log/event-log.ts';
import { assertHeld, type RelayContext } from './relay-context.ts';

export type Send =
  | { readonly outcome: 'sent'; readonly places: readonly TopicPartitionOffset[] }
  | { readonly outcome: 'uncertain'; readonly error: unknown }
  | { readonly outcome: 'too-large'; readonly records: number };

/**
 * Appends states, together. One that is too large for its topic even alone goes with its texts cut: the last record of
 * a key has to be of its newest version.
 */
export async function sendStates(context: RelayContext, states: readonly OwedState[]): Promise<Send> {
  const records = states.flatMap(toRecord);
  const whole = await append(context, records);
  if (whole.outcome !== 'too-large' || records.length > 1) return whole;
  const shortened = states.flatMap((state) => toRecord({ ...state, value: shorten(state) }));
  context.effects.logger.warn(
    { records: shortened.map(({ topic, key, headers }) => ({ topic, key, ...headers })) },
    'A state is too large for its topic and is published with its texts cut; the database has the whole',
  );
  const sent = await append(context, shortened);
  if (sent.outcome !== 'too-large') return sent;
  // A deletion is a few hundred bytes, and one that is left out is an issue that readers keep: it waits, and so do all.
  const deletion = states.find(isDeletion);
  if (deletion) {
    const advice = `raise max.message.bytes of ${deletion.topic}`;
    return { outcome: 'uncertain', error: new Error(`a deletion is too large for its topic: ${advice}`) };
  }
  // The topic takes next to nothing. Holding up all others helps nobody.
  context.effects.logger.error(
    { keys: shortened.map(({ topic, key }) => ({ topic, key })) },
    'A state is too large for its topic even with its texts cut, and is not published',
  );
  return { outcome: 'sent', places: [] };
}

async function append(context: RelayContext, records: readonly NewRecord[]): Promise<Send> {
  assertHeld(context);
  try {
    return { outcome: 'sent', places: records.length > 0 ? await context.log.append(records) : [] };
  } catch (error) {
    if (error instanceof RecordTooLargeError) return { outcome: 'too-large', records: records.length };
    return { outcome: 'uncertain', error };
  }
}

function shorten({ value }: OwedState): string | null {
  if (value === null) return null;
  const record = EnrichedRecord.safeParse(JSON.parse(value));
  return record.success && record.data.type === 'issue' ? JSON.stringify(shortenState(record.data)) : value;
}

const isDeletion = ({ topic, value }: OwedState): boolean =>
  topic === topics.deletions ||
  (value !== null && EnrichedRecord.safeParse(JSON.parse(value)).data?.type === 'deleted');

function toRecord(state: OwedState): NewRecord[] {
  if (state.value === null) return [];
  const headers = { version: String(state.version), ...(state.issue === null ? {} : { issue: state.issue }) };
  return [{ topic: state.topic, key: state.key, value: Buffer.from(state.value), headers }];
}
