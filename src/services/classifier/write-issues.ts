import type { Classifier } from '../../classification/classifier.ts';
import { formatKey } from '../../contracts/issue.ts';
import { topics } from '../../contracts/topics.ts';
import type { Queries } from '../../database/database.ts';
import { deleteThroughLedger } from '../../database/deletions.ts';
import { upsertIssues, upsertLocalClassifications } from '../../database/intake-writes.ts';
import { owe } from '../../database/outbox.ts';
import { nextVersion } from '../../domain/version.ts';
import type { FoldedIssue } from './fold-issues.ts';

/**
 * Writes what the fold decided, one statement a table. A fold that changed nothing owes nobody anything.
 * @returns how many contents got a new answer
 */
export async function writeIssues(
  transaction: Queries,
  { name, version }: Pick<Classifier, 'name' | 'version'>,
  issues: readonly FoldedIssue[],
  now: number,
): Promise<number> {
  const versioned = issues.map((issue) => ({
    ...issue,
    version: nextVersion([issue.stored.version, issue.stored.ledger?.version], now),
  }));
  const changed = versioned.flatMap(({ key, folded, contentHash, version }) =>
    folded.outcome === 'changed' && contentHash !== null
      ? [{ ...key, issue: folded.issue, version, contentHash }]
      : [],
  );
  const deleted = versioned.flatMap(({ key, repository, folded, version }) => {
    if (folded.outcome !== 'deleted') return [];
    const deletedAt = new Date(now).toISOString();
    return [
      {
        ...key,
        repository,
        version,
        deletedAt,
        reason: folded.reason,
        deletedBy: folded.by ?? 'github',
      },
    ];
  });
  const classifier = `${name}@${version}`;
  const answered = versioned.flatMap(({ key, stored, contentHash, answer }) => {
    if (answer === null || contentHash === null) return [];
    const { category, priority } = stored.corrections;
    return [
      {
        ...key,
        contentHash,
        answer,
        classifier,
        cacheKey: `${classifier}/${key.repositoryId}/${contentHash}`,
        category: category ?? answer.category.value,
        confidence: category === undefined ? answer.category.confidence : 1,
        priority: priority ?? answer.priority.value,
        shownSource: Object.keys(stored.corrections).length > 0 ? ('person' as const) : ('local' as const),
      },
    ];
  });
  const owed = [
    ...changed.map((each) => ({ topic: topics.enriched, key: formatKey(each), version: each.version })),
    ...deleted.flatMap((each) =>
      [topics.enriched, topics.deletions].map((topic) => ({
        topic,
        key: formatKey(each),
        version: each.version,
      })),
    ),
  ];
  await upsertIssues(transaction, changed);
  await upsertLocalClassifications(transaction, answered);
  await deleteThroughLedger(transaction, deleted);
  await owe(transaction, owed);
  return answered.length;
}
