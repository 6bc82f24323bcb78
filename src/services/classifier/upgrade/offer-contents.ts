import type { Answer, Correction } from '../../../contracts/classification.ts';
import type { IssueKey } from '../../../contracts/issue.ts';
import { readAnswers } from '../../../database/ai-answers.ts';
import { dropTasks, putTasks } from '../../../database/ai-tasks.ts';
import type { Queries } from '../../../database/database.ts';
import type { NewClassification } from '../../../database/intake-writes.ts';
import { cacheKey, classifierName } from '../../../domain/cache-key.ts';
import { shownColumns } from '../../../domain/show-classification.ts';

/** The model that contents are offered to. */
export interface OfferedModel {
  readonly name: string;
  readonly version: string;
  /** What readers are told until it has answered. */
  waiting(): string;
}

/** A content that became current, with its local answer. */
export interface LocallyAnswered extends IssueKey {
  readonly contentHash: string;
  readonly classifier: string;
  readonly answer: Answer;
  readonly corrections: Correction;
  readonly live: boolean;
}

/**
 * The answers that become current: the model's where it has answered the content before, else the local one, which
 * waits for the model as a task. The caller holds the keys' locks and writes the answers.
 */
export async function offerContents(
  transaction: Queries,
  model: OfferedModel | null,
  local: readonly LocallyAnswered[],
): Promise<readonly NewClassification[]> {
  if (model === null || local.length === 0) return local.map((each) => currentAnswer(each, 'local', null));
  const classifier = classifierName(model);
  const keyOf = (each: LocallyAnswered) => cacheKey(classifier, each.repositoryId, each.contentHash);
  const stored = await readAnswers(transaction, local.map(keyOf));
  const [known, waiting] = [true, false].map((is) => local.filter((each) => stored.has(keyOf(each)) === is));
  await dropTasks(transaction, known?.map(issueKey) ?? []);
  await putTasks(
    transaction,
    waiting?.map((each) => ({ ...issueKey(each), contentHash: each.contentHash, live: each.live })) ?? [],
  );
  return local.map((each) => {
    const answer = stored.get(keyOf(each));
    if (answer === undefined) return currentAnswer(each, 'local', model.waiting());
    return currentAnswer({ ...each, classifier, answer }, 'model', null);
  });
}

/** An answer as it is stored for an issue, with what people set laid over it. */
export function currentAnswer(
  { corrections, ...answered }: Omit<LocallyAnswered, 'live'>,
  source: 'local' | 'model',
  degraded: string | null,
): NewClassification {
  const { repositoryId, number, contentHash, classifier, answer } = answered;
  return {
    ...{ repositoryId, number, contentHash, classifier, answer, source, degraded },
    cacheKey: cacheKey(classifier, repositoryId, contentHash),
    ...shownColumns(answer, source, corrections),
  };
}

const issueKey = ({ repositoryId, number }: IssueKey): IssueKey => ({ repositoryId, number });
