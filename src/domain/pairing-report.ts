import type { LogChange, MismatchChoice, MismatchReason, PairingDecision, PairingFacts } from './pairing.ts';

/** What an operator is asked, in sentences. */
export interface PairingQuestion {
  /** What was found. */
  readonly reason: string;
  /** What each choice does. */
  readonly choices: readonly { readonly choice: MismatchChoice; readonly effect: string }[];
}

export interface PairingReport {
  /** `mismatch`: intake waits, or the log that is here is not the one that was left. */
  readonly status: 'paired' | 'unpaired' | 'mismatch';
  /** What was found, in a sentence; null when there is nothing to say. */
  readonly reason: string | null;
  /** What can be chosen; empty when there is nothing to choose. */
  readonly choices: PairingQuestion['choices'];
}

export const mismatchVariable = 'DISPATCHAI_ON_MISMATCH';

/** How database and log stand to each other, for people. @param records in `issues.raw` now */
export function reportPairing(
  facts: PairingFacts,
  decision: PairingDecision,
  records: number,
): PairingReport {
  const none = { choices: [] };
  switch (decision.kind) {
    case 'paired':
      return { status: 'paired', reason: sentencesOf(decision.changes), ...none };
    case 'first':
      return { status: 'unpaired', reason: null, ...none };
    case 'write-again': {
      const changed = decision.changes.some(({ kind }) => kind === 'another-cluster');
      const reason = sentencesOf(decision.changes) ?? 'The log names no database.';
      return { status: changed ? 'mismatch' : 'unpaired', reason, ...none };
    }
    case 'unfinished':
      return { status: 'mismatch', reason: `\`${decision.begun.choice}\` was begun and goes on.`, ...none };
    case 'abandon':
      return {
        status: 'mismatch',
        reason: `\`${decision.begun.choice}\` was begun for another log (${decision.begun.log.clusterId}).`,
        ...none,
      };
    case 'ask': {
      const question = questionOf(facts, decision.reason, records);
      return { status: 'mismatch', ...question };
    }
  }
}

/** The question that a mismatch puts. @param records in `issues.raw` now */
export function questionOf(facts: PairingFacts, reason: MismatchReason, records: number): PairingQuestion {
  const merges = reason === 'another-database' ? ', beside what this database has' : '';
  return {
    reason: foundBy(facts, reason),
    choices: [
      {
        choice: 'rebuild',
        effect:
          `takes issues, answers, corrections and deletions over from the log${merges}, then works through its ` +
          `${records} webhooks from the start; what was answered is not answered again`,
      },
      {
        choice: 'adopt',
        effect: `starts at the log's end and leaves its ${records} webhooks; deletions are taken over all the same`,
      },
      { choice: 'halt', effect: 'intake waits' },
    ],
  };
}

/** One line for readiness and the log: what was found, and how it is chosen. */
export function describeHalt({ reason, choices }: PairingQuestion): string {
  const offered = choices.filter(({ choice }) => choice !== 'halt');
  const effects = offered.map(({ choice, effect }) => `${mismatchVariable}=${choice} ${effect}`);
  return `${reason} Intake waits for a choice: ${effects.join('; ')}.`;
}

function foundBy({ databaseId, logNames, processedRecords }: PairingFacts, reason: MismatchReason): string {
  switch (reason) {
    case 'database-wiped':
      return `This database is new, and the log belongs to another one (${logNames}).`;
    case 'database-emptied':
      return 'The log belongs to this database, whose tables are empty.';
    case 'database-new':
      return (
        `This database is new, and the group has already processed ${processedRecords} webhooks that the log still ` +
        'holds, for a database that the log does not name.'
      );
    case 'another-database':
      return `The log belongs to another database (${logNames}), and this one (${databaseId}) has data of its own.`;
  }
}

function sentencesOf(changes: readonly LogChange[]): string | null {
  if (changes.length === 0) return null;
  return changes
    .map((change) =>
      change.kind === 'another-cluster'
        ? `The database belongs to the log ${change.from}, but this is the log ${change.to}.`
        : `Recreated: ${change.topics.join(', ')}.`,
    )
    .join(' ');
}
