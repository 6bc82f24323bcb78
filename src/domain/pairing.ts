/** What an operator can decide about a log that belongs to another database, or to one that is gone. */
export const mismatchChoices = ['rebuild', 'adopt', 'halt'] as const;
export type MismatchChoice = (typeof mismatchChoices)[number];

export interface LogIds {
  readonly clusterId: string;
  readonly topicIds: Readonly<Record<string, string>>;
}

/** A choice that was begun, as the database stores it. */
export interface BegunChoice {
  readonly id: number;
  readonly choice: Exclude<MismatchChoice, 'halt'>;
  /** The log that it was made for. */
  readonly log: LogIds;
}

/** Everything that decides whether this database and this log belong together. */
export interface PairingFacts {
  readonly databaseId: string;
  /** The log that the database stores; null before the first claim. */
  readonly knownLog: LogIds | null;
  /** Whether the group has positions, or any event is stored: of a new database neither is so. */
  readonly hasHistory: boolean;
  readonly begun: BegunChoice | null;
  readonly log: LogIds;
  /** The database that the log names; null when it names none. */
  readonly logNames: string | null;
  /** Records still in the log that lie before the group's committed offsets: some database has processed them. */
  readonly processedRecords: number;
}

/** How the log differs from the one that the database stores. */
export type LogChange =
  | { readonly kind: 'another-cluster'; readonly from: string; readonly to: string }
  | { readonly kind: 'topics-recreated'; readonly topics: readonly string[] };

/** Why an operator has to choose. */
export type MismatchReason =
  /** The database is new; the log belongs to one that was here before. */
  | 'database-wiped'
  /** The log names this database, but its tables are empty. */
  | 'database-emptied'
  /** The database is new; the log names none, but the group has processed what the log still holds. */
  | 'database-new'
  /** Both have a history of their own: another cluster, or two databases on one log. */
  | 'another-database';

export type PairingDecision =
  /**
   * The log names this database. An older state of the database (put back) and an older state of the log (its volume
   * put back) are this too: following the own topics and checking the positions heals them.
   */
  | {
      readonly kind: 'paired';
      readonly changes: readonly LogChange[];
      readonly finishes: BegunChoice | null;
    }
  /** Neither knows the other and nothing was processed: what is in the log is new, whenever it came. */
  | { readonly kind: 'first' }
  /** The database has a history and the log names nobody: it is a new one, or its ledger topic is. */
  | { readonly kind: 'write-again'; readonly changes: readonly LogChange[] }
  /** A choice for this log was begun and not finished: it goes on, whatever is configured by now. */
  | { readonly kind: 'unfinished'; readonly begun: BegunChoice }
  /** A choice was begun for another log than the one that is here now. */
  | { readonly kind: 'abandon'; readonly begun: BegunChoice }
  | { readonly kind: 'ask'; readonly reason: MismatchReason; readonly logNames: string | null };

/** Whether database and log belong together, and what is to be done when they do not know it of each other. */
export function decidePairing(facts: PairingFacts): PairingDecision {
  const { begun, log, logNames } = facts;
  const changes = facts.knownLog ? compareLogs(facts.knownLog, log) : [];
  if (begun && !isSameLog(begun.log, log)) return { kind: 'abandon', begun };
  if (logNames === facts.databaseId) {
    // The log's pairing is written last: with it a begun choice is as good as finished.
    if (begun || facts.hasHistory || facts.processedRecords === 0)
      return { kind: 'paired', changes, finishes: begun };
    return { kind: 'ask', reason: 'database-emptied', logNames };
  }
  if (begun) return { kind: 'unfinished', begun };
  if (logNames !== null) {
    return { kind: 'ask', reason: facts.hasHistory ? 'another-database' : 'database-wiped', logNames };
  }
  if (facts.hasHistory) return { kind: 'write-again', changes };
  return facts.processedRecords > 0 ? { kind: 'ask', reason: 'database-new', logNames } : { kind: 'first' };
}

function compareLogs(known: LogIds, log: LogIds): readonly LogChange[] {
  if (known.clusterId !== log.clusterId) {
    return [{ kind: 'another-cluster', from: known.clusterId, to: log.clusterId }];
  }
  const topics = Object.keys(log.topicIds).filter(
    (topic) => known.topicIds[topic] !== undefined && known.topicIds[topic] !== log.topicIds[topic],
  );
  return topics.length > 0 ? [{ kind: 'topics-recreated', topics }] : [];
}

const isSameLog = (a: LogIds, b: LogIds): boolean => compareLogs(a, b).length === 0;
