import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { formatKey } from '../src/contracts/issue.ts';
import { topics } from '../src/contracts/topics.ts';
import {
  openScratchDatabase,
  type ScratchDatabase,
} from '../src/database/pglite/scratch-database.fixture.ts';
import { effects as silent, unmeasured } from '../src/effects/silent.fixture.ts';
import type { Meter } from '../src/effects/telemetry.ts';
import type { EventLog, NewRecord } from '../src/log/event-log.ts';
import { correctClassification } from '../src/operations/correct-classification.ts';
import { deleteIssue } from '../src/operations/delete-issue.ts';
import {
  emptyDatabase,
  group,
  keepCopy,
  openScratchLog,
  putBack,
  readKept,
} from '../src/operations/own-topics.fixture.ts';
import { CountingClassifier } from '../src/services/classifier/intake.fixture.ts';
import { startClassifier } from '../src/services/classifier/start-classifier.ts';
import { startRelay } from '../src/services/relay/start-relay.ts';
import { until } from './until.ts';
import { issuePayload, repository } from './webhook-payload.ts';

/** What happens to one of a few issues. */
type Act =
  | {
      readonly kind: 'event';
      readonly number: number;
      readonly action: string;
      readonly second: number;
      readonly title: string;
    }
  | { readonly kind: 'correct'; readonly number: number; readonly category: 'bug' | 'question' | null }
  | { readonly kind: 'delete'; readonly number: number };

const number = fc.integer({ min: 1, max: 4 });
const act: fc.Arbitrary<Act> = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.record({
      kind: fc.constant('event' as const),
      number,
      action: fc.constantFrom('opened', 'edited', 'closed', 'labeled', 'pinned', 'deleted'),
      second: fc.integer({ min: 0, max: 5 }),
      title: fc.constantFrom('The lamp', 'The buoy', 'The gull'),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      kind: fc.constant('correct' as const),
      number,
      category: fc.constantFrom('bug' as const, 'question' as const, null),
    }),
  },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('delete' as const), number }) },
);

let scratch: ScratchDatabase;
beforeAll(async () => {
  scratch = await openScratchDatabase();
}, 60_000);
afterAll(() => scratch[Symbol.asyncDispose]());

/** Contents that were answered, by whomever. */
let classified = 0;
const meter: Meter = {
  ...unmeasured,
  counter: (name) => ({
    add: (amount = 1) => {
      if (name === 'dispatchai_classifications_total') classified += amount;
    },
  }),
};
const effects = { ...silent, meter };

let deliveries = 0;
function recordOf({ number: issue, action, second, title }: Extract<Act, { kind: 'event' }>): NewRecord {
  deliveries += 1;
  const updatedAt = `2026-03-01T12:00:0${second}Z`;
  return {
    topic: topics.raw,
    key: formatKey({ repositoryId: repository.id, number: issue }),
    value: issuePayload({ number: issue, title, action, updatedAt }),
    headers: {
      'delivery-id': `delivery-${deliveries}`,
      event: 'issues',
      action,
      issue: `${repository.full_name}#${issue}`,
      'correlation-id': `correlation-${deliveries}`,
      'received-at': String(deliveries),
      origin: 'github',
    },
  };
}

async function work(log: EventLog, acts: readonly Act[]): Promise<void> {
  const { database } = scratch;
  for (const each of acts) {
    const key = { repositoryId: repository.id, number: each.number };
    if (each.kind === 'event') await log.append([recordOf(each)]);
    if (each.kind === 'delete') {
      await deleteIssue(
        { database, clock: effects.clock },
        { key, repository: repository.full_name, by: 'me' },
      );
    }
    if (each.kind !== 'correct') continue;
    const row = await database.queries
      .selectFrom('issues')
      .select('version')
      .where('repository_id', '=', key.repositoryId)
      .where('number', '=', key.number)
      .executeTakeFirst();
    if (!row) continue;
    const { category } = each;
    const change = category ? { set: { category }, undo: [] } : { set: {}, undo: ['category' as const] };
    await correctClassification(
      { database, clock: effects.clock },
      { key, version: row.version, by: 'me', ...change },
    );
  }
}

/** Runs the services until everything is taken in and published; returns how many contents were answered. */
async function runUntilSettled(log: EventLog, acts: readonly Act[] = []): Promise<number> {
  const { database } = scratch;
  const classifier = new CountingClassifier();
  classified = 0;
  const services = [
    await startClassifier({ database, log, classifier, effects, group, onMismatch: 'rebuild' }),
    await startRelay({ database, log, effects, group, holder: 'test' }),
  ];
  const isSettled = async () => {
    const owed = await database.queries.selectFrom('outbox').select('key').limit(1).executeTakeFirst();
    const ranges = await log.ranges(topics.raw);
    const positions = await database.queries
      .selectFrom('positions')
      .select(['partition', 'next_offset'])
      .where('consumer', '=', group)
      .execute();
    const behind = ranges.some(
      ({ partition, end }) => positions.find((each) => each.partition === partition)?.next_offset !== end,
    );
    return owed === undefined && !behind && services.every((service) => service.readiness().ready);
  };
  const settled = () => until(isSettled, { what: 'everything is taken in and published', withinMs: 30_000 });
  await settled();
  await work(log, acts);
  await settled();
  for (const service of services) await service.stop();
  return classified;
}

const acts = fc.array(act, { maxLength: 12 });

describe('a database that is lost after any work', () => {
  it.each(['dropped', 'put back'] as const)('is what it was, without a model: %s', async (how) => {
    await fc.assert(
      fc.asyncProperty(acts, acts, acts, async (before, since, later) => {
        await emptyDatabase(scratch.database);
        await using log = await openScratchLog();
        await runUntilSettled(log, before);
        await keepCopy(scratch.database);
        await runUntilSettled(log, since);
        const lost = await readKept(scratch.database);
        await (how === 'dropped' ? emptyDatabase(scratch.database) : putBack(scratch.database));
        expect(await runUntilSettled(log)).toBe(0);
        expect(await readKept(scratch.database)).toEqual(lost);
        // And it goes on as if nothing had been.
        await runUntilSettled(log, later);
        const again = await readKept(scratch.database);
        await emptyDatabase(scratch.database);
        expect(await runUntilSettled(log)).toBe(0);
        expect(await readKept(scratch.database)).toEqual(again);
      }),
      { numRuns: 8 },
    );
  });
});
