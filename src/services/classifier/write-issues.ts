import type { Classifier } from '../../classification/classifier.ts';
import { formatKey } from '../../contracts/issue.ts';
import { topics } from '../../contracts/topics.ts';
import type { Queries } from '../../database/database.ts';
import { deleteThroughLedger } from '../../database/deletions.ts';
import { upsertClassifications, upsertIssues } from '../../database/intake-writes.ts';
import { owe } from '../../database/outbox.ts';
import { classifierName } from '../../domain/cache-key.ts';
import { nextVersion } from '../../domain/version.ts';
import type { FoldedIssue } from './fold-issues.ts';
import { type OfferedModel, offerContents } from './upgrade/offer-contents.ts';

/**
 * Writes what the fold decided, one statement a table. A fold that changed nothing owes nobody anything.
 * @returns how many contents got a new answer
 */
export async function writeIssues(
  transaction: Queries,
  {
    local,
    model,
  }: { readonly local: Pick<Classifier, 'name' | 'version'>; readonly model: OfferedModel | null },
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
  const classifier = classifierName(local);
  const answered = versioned.flatMap(({ key, stored, contentHash, answer, live }) => {
    if (answer === null || contentHash === null) return [];
    return [{ ...key, contentHash, answer, classifier, corrections: stored.corrections, live }];
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
  await upsertClassifications(transaction, await offerContents(transaction, model, answered));
  await deleteThroughLedger(transaction, deleted);
  await owe(transaction, owed);
  return answered.length;
}
