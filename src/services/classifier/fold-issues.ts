import type { Classifier } from '../../classification/classifier.ts';
import type { Answer } from '../../contracts/classification.ts';
import { formatKey, type IssueKey } from '../../contracts/issue.ts';
import type { Queries } from '../../database/database.ts';
import { readEventsOfSecond, readStoredIssues, type StoredIssue } from '../../database/intake-reads.ts';
import { contentHash } from '../../domain/content-hash.ts';
import { type Folded, foldEvents } from '../../domain/fold-events.ts';
import { instant } from '../../domain/instant.ts';
import type { IssueEvent } from '../../domain/issue-event.ts';
import { answerKey } from './prepare.ts';
import { restoreEvents } from './restore-events.ts';

/** The classifier rejected, which it does for the world's reasons only: no event is to blame. */
export class ClassifierAwayError extends Error {
  override readonly name = 'ClassifierAwayError';
}

/** An issue whose new events have been folded, with what is needed to write it. */
export interface FoldedIssue {
  readonly key: IssueKey;
  /** `owner/name`. */
  readonly repository: string;
  readonly stored: StoredIssue;
  readonly folded: Folded;
  /** Of the folded content; null where nothing changed. */
  readonly contentHash: string | null;
  /** Whether any of its events is more than the import of a state that GitHub had long ago. */
  readonly live: boolean;
  /** The answer to store; null where the current one still fits the content. */
  readonly answer: Answer | null;
}

export interface FoldDependencies {
  readonly classifier: Classifier;
  /** Prepared, by `answerKey`. */
  readonly answers: ReadonlyMap<string, Answer>;
}

/** Folds events of any issues into what the database holds of them. The caller holds their keys' locks. */
export async function foldIssues(
  transaction: Queries,
  { classifier, answers }: FoldDependencies,
  events: readonly IssueEvent[],
): Promise<readonly FoldedIssue[]> {
  if (events.length === 0) return [];
  const byKey = Map.groupBy(events, (event) => formatKey(event.key));
  const concerned = [...byKey.values()].flatMap(([first]) => (first ? [first.key] : []));
  const storedIssues = await readStoredIssues(transaction, concerned);
  const storedEvents = await readNeighbours(transaction, concerned, byKey, storedIssues);

  const issues = concerned.flatMap((key) => {
    const name = formatKey(key);
    const stored = storedIssues.get(name);
    if (!stored) return [];
    const known = { held: stored.held, ledger: stored.ledger, stored: storedEvents.get(name) ?? [] };
    const events = byKey.get(name) ?? [];
    const folded = foldEvents(known, events);
    const state = folded.outcome === 'changed' ? folded.issue.state : null;
    const [first] = events;
    const live = events.some(({ origin }) => origin !== 'import');
    const repository = stored.held?.state.repository ?? first?.state.repository ?? '';
    const hash = state && contentHash(state.title, state.body ?? '');
    return [{ key, repository, stored, folded, contentHash: hash, live }];
  });
  return answerAll(classifier, answers, issues);
}

/** Reads stored events only for issues whose fold needs them: same second, or no row to compare with. */
async function readNeighbours(
  transaction: Queries,
  keys: readonly IssueKey[],
  byKey: ReadonlyMap<string, readonly IssueEvent[]>,
  storedIssues: ReadonlyMap<string, StoredIssue>,
): Promise<ReadonlyMap<string, readonly IssueEvent[]>> {
  const wanted = keys.flatMap((key): (IssueKey & { readonly second: string | null })[] => {
    const name = formatKey(key);
    const stored = storedIssues.get(name);
    const held = stored?.held;
    if (!held) return stored?.remembered ? [{ ...key, second: null }] : [];
    const second = Date.parse(held.state.updatedAt);
    const shares = byKey.get(name)?.some((event) => event.second === second);
    return shares ? [{ ...key, second: instant(second) }] : [];
  });
  return restoreEvents(await readEventsOfSecond(transaction, wanted));
}

/** Looks the prepared answers up; a folded content that no payload carried is classified here. */
async function answerAll(
  classifier: Classifier,
  prepared: ReadonlyMap<string, Answer>,
  issues: readonly Omit<FoldedIssue, 'answer'>[],
): Promise<readonly FoldedIssue[]> {
  const wanted = issues.map(({ key, stored, folded, contentHash: hash }) => {
    if (folded.outcome !== 'changed' || hash === null || stored.answered?.contentHash === hash) return null;
    const { state } = folded.issue;
    const content = {
      repositoryId: key.repositoryId,
      repository: state.repository,
      title: state.title,
      body: state.body ?? '',
    };
    return { content, answer: prepared.get(answerKey(key.repositoryId, hash)) };
  });
  const unprepared = wanted.flatMap((each) => (each && !each.answer ? [each] : []));
  const answers = await classifier
    .classify(unprepared.map((each) => each.content))
    .catch((error: unknown) => {
      throw new ClassifierAwayError('the classifier gives no answer', { cause: error });
    });
  const late = new Map(unprepared.map((each, index) => [each, answers[index]]));
  return issues.map((issue, index) => {
    const want = wanted[index];
    const answer = want && (want.answer ?? late.get(want));
    return { ...issue, answer: answer ?? null };
  });
}
