import { pairingKey, topics } from '../../contracts/topics.ts';
import { endChoice, type FoundDatabase, noteLog } from '../../database/pairing.ts';
import { decidePairing, type MismatchChoice } from '../../domain/pairing.ts';
import {
  describeHalt,
  type PairingQuestion,
  questionOf,
  reportPairing,
} from '../../domain/pairing-report.ts';
import type { Effects } from '../../effects/effects.ts';
import { followOwnTopics } from '../follow-own-topics/follow-own-topics.ts';
import { beginChoice } from './begin-choice.ts';
import { countRecords, type LookAtPairing, lookAtPairing, type PairingStanding } from './look-at-pairing.ts';

export interface SettlePairing extends LookAtPairing {
  readonly effects: Pick<Effects, 'clock' | 'logger'>;
  /** Chooses when database and log do not belong together. */
  readonly choose: (question: PairingQuestion) => Promise<Chosen>;
  /** Stops what is under way between two batches. */
  readonly signal?: AbortSignal;
}

export interface Chosen {
  readonly choice: MismatchChoice;
  /** Who or what chose, for the audit. */
  readonly by: string;
}

export type SettledPairing =
  /** Database and log belong together, and the database has what its own topics know. */
  | { readonly kind: 'paired'; readonly found: FoundDatabase }
  /** An operator has to choose; `reason` says between what, and how. */
  | { readonly kind: 'halted'; readonly reason: string }
  | { readonly kind: 'stopped' };

/** More than any way from one decision to the next; only two databases that claim one log by turns need more. */
const rounds = 6;

/**
 * Sees to it that database and log belong together before anything is claimed. Whatever is begun is stored in the
 * database first and in the log last, so that a start that finds it unfinished goes on.
 */
export async function settlePairing(context: SettlePairing): Promise<SettledPairing> {
  for (let round = 0; round < rounds; round += 1) {
    const standing = await lookAtPairing(context);
    const settled = await settleOnce(context, standing);
    if (settled !== 'again') return settled;
  }
  throw new Error('another database takes this log for itself again and again: two run on one log');
}

async function settleOnce(
  context: SettlePairing,
  { facts, identity, lastChoice }: PairingStanding,
): Promise<SettledPairing | 'again'> {
  const { database, log, effects } = context;
  const { logger } = effects;
  const decision = decidePairing(facts);
  switch (decision.kind) {
    case 'paired': {
      const { reason } = reportPairing(facts, decision, 0);
      if (reason !== null)
        logger.warn({ changes: decision.changes }, `the log names this database. ${reason}`);
      if (facts.knownLog === null || decision.changes.length > 0) await noteLog(database.queries, identity);
      if (decision.finishes) {
        await endChoice(database.queries, decision.finishes.id, 'finished_at');
        logger.warn({ choice: decision.finishes.choice }, 'the log belongs to this database from now on');
      }
      const { databaseId, hasHistory } = facts;
      return await followed(context, { kind: 'paired', found: { databaseId, hasHistory } });
    }
    case 'first':
    case 'write-again': {
      if (decision.kind === 'write-again') {
        const { reason } = reportPairing(facts, decision, 0);
        logger.warn({}, `${reason} It is told that it belongs to this database; nothing of that is lost.`);
      }
      return await followed(context, 'again', async () => {
        await noteLog(database.queries, identity);
        await writePairing(context, facts.databaseId);
      });
    }
    case 'unfinished':
      logger.warn({ choice: decision.begun.choice }, 'taking over from the log what was chosen');
      return await followed(context, 'again', async () => {
        await noteLog(database.queries, identity);
        await writePairing(context, facts.databaseId);
      });
    case 'abandon':
      logger.warn({ choice: decision.begun.choice }, 'a choice that was begun for another log is given up');
      await endChoice(database.queries, decision.begun.id, 'abandoned_at');
      return 'again';
    case 'ask': {
      const records = countRecords(await log.ranges(topics.raw));
      const question = questionOf(facts, decision.reason, records);
      const { choice, by } = await context.choose(question);
      if (choice === 'halt') return { kind: 'halted', reason: describeHalt(question) };
      const { hasHistory: hadHistory } = facts;
      await beginChoice(context, { choice, reason: question.reason, by, lastChoice, hadHistory });
      logger.warn({ choice, records }, `${question.reason} ${sayChoice(choice, records, context.group)}`);
      return 'again';
    }
  }
}

async function followed<Result>(
  context: SettlePairing,
  result: Result,
  andThen: () => Promise<void> = async () => undefined,
): Promise<Result | { readonly kind: 'stopped' }> {
  const outcome = await followOwnTopics(context);
  if (outcome.kind === 'stopped') return outcome;
  await andThen();
  return result;
}

async function writePairing({ log, effects, group }: SettlePairing, databaseId: string): Promise<void> {
  const pairedAt = new Date(effects.clock.now()).toISOString();
  const value = Buffer.from(JSON.stringify({ type: 'pairing', databaseId, group, pairedAt }));
  await log.append([{ topic: topics.deletions, key: pairingKey, value, headers: {} }]);
}

const sayChoice = (choice: Exclude<MismatchChoice, 'halt'>, records: number, group: string): string =>
  choice === 'rebuild'
    ? `Rebuilding from the log: its own topics first, then its ${records} webhooks, without a model for what was answered.`
    : `Adopting the log at its end: ${records} webhooks are left; stop the classifier and run ` +
      `\`dispatchai groups seek ${group} --to start --execute\` to have them processed.`;
