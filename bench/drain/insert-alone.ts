import type { Answer } from '../../src/contracts/classification.ts';
import { topics } from '../../src/contracts/topics.ts';
import type { Database } from '../../src/database/database.ts';
import { insertEvents, upsertClassifications, upsertIssues } from '../../src/database/intake-writes.ts';
import { owe } from '../../src/database/outbox.ts';
import { contentHash } from '../../src/domain/content-hash.ts';
import { foldedRow } from '../../src/services/classifier/event-rows.ts';
import type { PreparedBatch } from '../../src/services/classifier/prepare.ts';
import { benchRepositoryId } from '../payloads.ts';

/**
 * The batched insert alone: the same rows by the same statements as intake, no locks, reads or folds.
 * @param run gives the rows keys of their own, since others store the same issues
 */
export async function insertAlone(
  database: Database,
  { records }: PreparedBatch,
  answers: readonly Answer[],
  run: number,
): Promise<void> {
  const issues = records.flatMap(({ read }) => (read.kind === 'event' ? [read.event] : []));
  const keyed = issues.map(({ key, state }) => ({
    repositoryId: -(key.repositoryId + run),
    number: key.number,
    contentHash: contentHash(state.title, state.body ?? ''),
  }));
  const changed = issues.map(({ state, origin, comments }, index) => ({
    ...keyed[index]!,
    issue: { state, origin, guards: { comments, pin: null } },
    version: Date.now() * 1000,
  }));
  const answered = keyed.flatMap((key, index) => {
    const answer = answers[index];
    if (!answer) return [];
    const { category, priority } = answer;
    const shown = { category: category.value, confidence: category.confidence, priority: priority.value };
    const cacheKey = `bench/${run}/${key.contentHash}`;
    const source = { source: 'local' as const, classifier: 'local@bench', cacheKey, degraded: null };
    return [{ ...key, answer, ...source, ...shown, shownSource: 'local' as const }];
  });
  const owed = keyed.map((key) => ({
    topic: topics.enriched,
    key: `${key.repositoryId}#${key.number}`,
    version: 1,
  }));
  const events = records.map((record) => ({
    ...foldedRow(record, { status: 'applied', reason: null }),
    delivery_id: `alone-${run}-${record.deliveryId}`,
    // Else a later fold of these issues would find events of theirs, and read them.
    repository_id: -(benchRepositoryId + run),
  }));
  await database.transaction(async (transaction) => {
    await insertEvents(transaction, events);
    await upsertIssues(transaction, changed);
    await upsertClassifications(transaction, answered);
    await owe(transaction, owed);
  });
}
