import { topics } from '../../contracts/topics.ts';
import { type OwedDeadLetter, readOwedDeadLetters } from '../../database/owed-dead-letters.ts';
import { decompressPayload } from '../../database/payload-bytes.ts';
import { settleSent } from '../../database/sent-records.ts';
import { deadLetter, smallDeadLetter } from '../../domain/dead-letter.ts';
import { type NewRecord, RecordTooLargeError } from '../../log/event-log.ts';
import { assertHeld, LeaseLostError, type RelayContext } from './relay-context.ts';

const rowsPerRound = 100;
/** Of payloads as stored, and once more as they came: a few bytes may be many when they are decompressed. */
const bytesPerRound = 4_000_000;

export type DeadLetterRound =
  | { readonly outcome: 'published'; readonly records: number }
  /** The log may or may not have taken them: repeating a dead letter does no harm. */
  | { readonly outcome: 'uncertain'; readonly error: unknown };

interface Letter {
  readonly owed: OwedDeadLetter;
  /** Null when there is nothing to publish. */
  readonly record: NewRecord | null;
}

/** Publishes the dead letters owed longest, from the rows of their events. */
export async function publishDeadLetters(context: RelayContext): Promise<DeadLetterRound> {
  const { database, lease } = context;
  const owed = await readOwedDeadLetters(database.queries, { rows: rowsPerRound, bytes: bytesPerRound });
  if (owed.length === 0) return { outcome: 'published', records: 0 };
  const letters = await openLetters(owed);
  const records = letters.flatMap(({ record }) => record ?? []);
  assertHeld(context);
  try {
    if (records.length > 0) await sendLetters(context, letters, records);
  } catch (error) {
    if (error instanceof LeaseLostError) throw error;
    return { outcome: 'uncertain', error };
  }
  const sent = letters.map(({ owed: { deliveryId, version } }) => ({
    topic: topics.deadLetter,
    key: deliveryId,
    version,
  }));
  const outcome = await settleSent(database.queries, lease, sent, []);
  if (outcome === 'lease-lost') throw new LeaseLostError('another relay was granted the lease');
  context.effects.meter
    .counter('dispatchai_dead_letters_published_total', 'Dead letters that their topic acknowledged')
    .add(records.length);
  return { outcome: 'published', records: records.length };
}

/** As many as come to a round's bytes, and the first one whatever it has. */
async function openLetters(owed: readonly OwedDeadLetter[]): Promise<readonly Letter[]> {
  const letters: Letter[] = [];
  let bytes = 0;
  for (const each of owed) {
    if (bytes > bytesPerRound) break;
    const { event, payload, deliveryId } = each;
    const value = payload && (await decompressPayload(payload));
    bytes += value?.length ?? 0;
    const record = event && { topic: topics.deadLetter, key: deliveryId, ...deadLetter(event, value) };
    letters.push({ owed: each, record });
  }
  return letters;
}

/** Together; where one of them is too large, each alone, and that one without its value. */
async function sendLetters(
  context: RelayContext,
  letters: readonly Letter[],
  records: readonly NewRecord[],
): Promise<void> {
  try {
    await send(context, records);
    return;
  } catch (error) {
    if (!(error instanceof RecordTooLargeError)) throw error;
  }
  for (const { owed, record } of letters) {
    if (record === null || owed.event === null) continue;
    try {
      await send(context, [record]);
    } catch (error) {
      if (!(error instanceof RecordTooLargeError)) throw error;
      context.effects.logger.warn(
        { delivery: owed.deliveryId, err: error },
        'A dead letter is too large for its topic and goes without its value; the database has it',
      );
      await send(context, [{ ...record, ...smallDeadLetter(owed.event) }]);
    }
  }
}

async function send(context: RelayContext, records: readonly NewRecord[]): Promise<void> {
  assertHeld(context);
  await context.log.append(records);
}
