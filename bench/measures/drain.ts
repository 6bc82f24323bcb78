import { topics } from '../../src/contracts/topics.ts';
import type { Database } from '../../src/database/database.ts';
import { insertEvents, upsertIssues, upsertLocalClassifications } from '../../src/database/intake-writes.ts';
import { owe } from '../../src/database/outbox.ts';
import { contentHash } from '../../src/domain/content-hash.ts';
import type { LogRecord } from '../../src/log/event-log.ts';
import { foldedRow } from '../../src/services/classifier/event-rows.ts';
import { type PreparedBatch, prepare } from '../../src/services/classifier/prepare.ts';
import { startClassifier } from '../../src/services/classifier/start-classifier.ts';
import { openBenchInstallation, preload } from '../installation.ts';
import { benchIssue, benchRepositoryId } from '../payloads.ts';
import { quietEffects } from '../quiet-effects.ts';

type Installation = Awaited<ReturnType<typeof openBenchInstallation>>;

export interface DrainFigures {
  readonly issuesPerSecond: number;
  /** Each stage alone, in the same process, on the same kind of issues. */
  readonly stages: { readonly parse: number; readonly model: number; readonly insert: number };
  readonly ratio: number;
}

/** Issues per second from a preloaded log into the database, against each stage of that way alone. */
export async function measureDrain(count: number): Promise<DrainFigures> {
  const installation = await openBenchInstallation();
  try {
    // Warms caches and the just-in-time compiler; what is measured begins after it.
    await preload(installation.log, 1, 2000);
    await drained(installation, 2000);
    const stages = await measureStages(installation, 2000);
    await drained(installation, 4000);
    await preload(installation.log, 1_000_001, count);
    const began = performance.now();
    await drained(installation, 4000 + count);
    const issuesPerSecond = count / ((performance.now() - began) / 1000);
    return { issuesPerSecond, stages, ratio: issuesPerSecond / Math.min(...Object.values(stages)) };
  } finally {
    await installation.close();
  }
}

async function drained({ log, database, classifier }: Installation, events: number): Promise<void> {
  const service = await startClassifier({ database, log, classifier, effects: quietEffects, group: 'bench' });
  const ends = (await log.ranges(topics.raw)).map((range) => range.end);
  for (;;) {
    const rows = await database.queries
      .selectFrom('positions')
      .select(['partition', 'next_offset'])
      .execute();
    if (rows.length === ends.length && rows.every((row) => row.next_offset >= (ends[row.partition] ?? 0)))
      break;
    await quietEffects.clock.sleep(20);
  }
  await service.stop();
  const stored = await database.queries
    .selectFrom('events')
    .select(({ fn }) => fn.countAll<number>().as('count'))
    .where('status', '=', 'applied')
    .where('delivery_id', 'like', 'bench-%')
    .executeTakeFirstOrThrow();
  if (stored.count !== events) throw new Error(`${stored.count} of ${events} events were stored`);
}

async function measureStages(installation: Installation, count: number): Promise<DrainFigures['stages']> {
  const contents = Array.from({ length: count }, (_, n) => {
    const { title, body } = benchIssue(3_000_000 + n);
    return { repositoryId: benchRepositoryId, repository: 'octo/harbor', title, body };
  });
  const model = await rate(count, async () => {
    for (let n = 0; n < count; n += 250) await installation.classifier.classify(contents.slice(n, n + 250));
  });

  const first = (await installation.log.ranges(topics.raw)).map((range) => range.end);
  await preload(installation.log, 2_000_001, count);
  const records: LogRecord[] = [];
  for (const [partition, from] of first.entries()) {
    for await (const batch of installation.log.read({ topic: topics.raw, partition, from }))
      records.push(...batch);
  }
  const batches = Array.from({ length: Math.ceil(count / 250) }, (_, n) =>
    records.slice(n * 250, n * 250 + 250),
  );
  const instant = { ...installation.classifier, classify: async () => [] };
  const prepared: PreparedBatch[] = [];
  const parse = await rate(count, async () => {
    for (const batch of batches) {
      prepared.push(await prepare({ database: installation.database, classifier: instant }, batch));
    }
  });
  const answers = await installation.classifier.classify(contents);
  const insert = await rate(count, async () => {
    for (const [index, batch] of prepared.entries()) {
      await insertOnly(installation.database, batch, answers.slice(index * 250, index * 250 + 250));
    }
  });
  return { parse, model, insert };
}

/** The batched insert alone: the same rows by the same statements, no locks, reads or folds. */
async function insertOnly(
  database: Database,
  batch: PreparedBatch,
  answers: Awaited<ReturnType<Installation['classifier']['classify']>>,
): Promise<void> {
  const issues = batch.records.flatMap(({ read }) => (read.kind === 'event' ? [read.event] : []));
  const keyed = issues.map((event) => ({
    // Keys of their own, since the drain that follows stores the same numbers.
    repositoryId: -event.key.repositoryId,
    number: event.key.number,
    contentHash: contentHash(event.state.title, event.state.body ?? ''),
  }));
  await database.transaction(async (transaction) => {
    await insertEvents(
      transaction,
      batch.records.map((record) => ({
        ...foldedRow(record, { status: 'applied', reason: null }),
        delivery_id: `alone-${record.deliveryId}`,
      })),
    );
    await upsertIssues(
      transaction,
      issues.map((event, index) => ({
        ...(keyed[index] as (typeof keyed)[number]),
        issue: { state: event.state, origin: event.origin, guards: { comments: event.comments, pin: null } },
        version: Date.now() * 1000,
      })),
    );
    await upsertLocalClassifications(
      transaction,
      keyed.flatMap((key, index) => {
        const answer = answers[index];
        if (!answer) return [];
        const { category, priority } = answer;
        return [
          {
            ...key,
            answer,
            classifier: 'local@bench',
            cacheKey: `bench/${key.contentHash}`,
            category: category.value,
            confidence: category.confidence,
            priority: priority.value,
            shownSource: 'local' as const,
          },
        ];
      }),
    );
    await owe(
      transaction,
      keyed.map((key) => ({ topic: topics.enriched, key: `${key.repositoryId}#${key.number}`, version: 1 })),
    );
  });
}

async function rate(count: number, work: () => Promise<void>): Promise<number> {
  const began = performance.now();
  await work();
  return count / ((performance.now() - began) / 1000);
}
