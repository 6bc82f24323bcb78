import fc from 'fast-check';
import { sql } from 'kysely';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Classifier, Content } from '../src/classification/classifier.ts';
import { formatKey, type IssueKey } from '../src/contracts/issue.ts';
import { topics } from '../src/contracts/topics.ts';
import { openScratchDatabase, type ScratchDatabase } from '../src/database/scratch-database.fixture.ts';
import { answerOf } from '../src/database/stored-issues.fixture.ts';
import { effects } from '../src/effects/silent.fixture.ts';
import type { EventLog, NewRecord } from '../src/log/event-log.ts';
import { correctClassification } from '../src/operations/correct-classification.ts';
import { deleteIssue } from '../src/operations/delete-issue.ts';
import { eraseIssue } from '../src/operations/erase-issue.ts';
import {
  emptyDatabase,
  group,
  keepCopy,
  openScratchLog,
  putBack,
} from '../src/operations/own-topics.fixture.ts';
import { startClassifier } from '../src/services/classifier/start-classifier.ts';
import { startRelay } from '../src/services/relay/start-relay.ts';
import { findInCompacted, findInDatabase } from './every-value.ts';
import { until } from './until.ts';

/** In everything that the two issues say, whatever field it stands in. */
const secret = 'forget-me-Zq7';
const others = 'keep-me-Xk4';
const repositoryId = 77;
const keyOf = (number: number): IssueKey => ({ repositoryId, number });
const erased = keyOf(1);

/** What happens to the issue that is erased, and to one beside it. */
type Act =
  | { readonly kind: 'event'; readonly number: 1 | 2; readonly action: string; readonly second: number }
  /** Cannot be parsed: it fails, and becomes a dead letter. */
  | { readonly kind: 'broken'; readonly number: 1 | 2 }
  /** All that was sent so far, with the same delivery ids or with new ones. */
  | { readonly kind: 'again'; readonly renamed: boolean }
  | { readonly kind: 'correct' | 'delete' };

const number = fc.constantFrom(1 as const, 2 as const);
const act: fc.Arbitrary<Act> = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.record({
      kind: fc.constant('event' as const),
      number,
      action: fc.constantFrom('opened', 'edited', 'labeled', 'closed', 'pinned', 'deleted', 'transferred'),
      second: fc.integer({ min: 0, max: 9 }),
    }),
  },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('broken' as const), number }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('again' as const), renamed: fc.boolean() }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constantFrom('correct' as const, 'delete' as const) }) },
);
const acts = fc.array(act, { minLength: 2, maxLength: 8 });

let scratch: ScratchDatabase;
beforeAll(async () => {
  scratch = await openScratchDatabase();
}, 60_000);
afterAll(() => scratch[Symbol.asyncDispose]());

/** Quotes what it is asked about. */
const quoting = (name: string): Classifier => ({
  name,
  version: '1',
  classify: async (contents: readonly Content[]) =>
    contents.map(({ title }) => {
      const answer = answerOf();
      return { ...answer, summary: { ...answer.summary, value: title, reason: title } };
    }),
  close: () => Promise.resolve(),
});

class Sender {
  readonly #log: EventLog;
  readonly #sent: NewRecord[] = [];
  #deliveries = 0;

  constructor(log: EventLog) {
    this.#log = log;
  }

  async do(each: Act): Promise<void> {
    const { database } = scratch;
    const { clock } = effects;
    if (each.kind === 'event') await this.#send([this.#event(each)]);
    if (each.kind === 'broken')
      await this.#send([this.#record(each.number, 'opened', `{"title": "${saying(each.number)}"`)]);
    if (each.kind === 'again') {
      const sent = each.renamed ? this.#sent.map((record) => this.#renamed(record)) : this.#sent;
      if (sent.length > 0) await this.#log.append(sent);
    }
    if (each.kind === 'delete')
      await deleteIssue({ database, clock }, { key: erased, repository: '', by: 'me' });
    if (each.kind === 'correct') {
      const row = await sql<{ version: number }>`
        select version from issues where repository_id = ${repositoryId} and number = 1`.execute(
        database.queries,
      );
      const version = row.rows[0]?.version;
      if (version === undefined) return;
      const set = { summary: `${secret} by hand`, category: 'question' } as const;
      await correctClassification({ database, clock }, { key: erased, version, set, undo: [], by: secret });
    }
  }

  async #send(records: readonly NewRecord[]): Promise<void> {
    this.#sent.push(...records);
    await this.#log.append(records);
  }

  #event({ number: of, action, second }: Extract<Act, { kind: 'event' }>): NewRecord {
    this.#deliveries += 1;
    const text = `${saying(of)} ${this.#deliveries}`;
    // Later than any deletion here: genuinely newer, were the issue not erased.
    const updatedAt = `2099-03-01T12:00:0${second}Z`;
    const person = { login: `${saying(of)}-person` };
    const issue = {
      ...{
        number: of,
        title: text,
        body: `${text} body`,
        user: person,
        state: 'open',
        locked: false,
        comments: 0,
      },
      ...{ labels: [{ name: `${text} label` }], assignees: [person], milestone: { title: `${text} plan` } },
      html_url: `https://github.com/octo/harbor/issues/${of}`,
      ...{ created_at: '2026-03-01T12:00:00Z', updated_at: updatedAt },
    };
    const repository = { id: repositoryId, full_name: 'octo/harbor' };
    const payload = {
      action,
      issue,
      repository,
      sender: person,
      changes: { title: { from: `${text} former` } },
    };
    return this.#record(of, action, JSON.stringify(payload));
  }

  #record(of: number, action: string, value: string): NewRecord {
    const key = formatKey(keyOf(of));
    const headers = {
      ...{ event: 'issues', action, issue: `octo/harbor#${of}`, 'correlation-id': 'c', origin: 'github' },
      'received-at': '1',
      'x-said': saying(of),
    };
    return this.#renamed({ topic: topics.raw, key, value: Buffer.from(value), headers });
  }

  #renamed(record: NewRecord): NewRecord {
    this.#deliveries += 1;
    return { ...record, headers: { ...record.headers, 'delivery-id': `delivery-${this.#deliveries}` } };
  }
}

const saying = (of: number): string => (of === 1 ? secret : others);

/** Runs the services until nothing is left to do. */
async function runUntilSettled(
  log: EventLog,
  work: () => Promise<void> = () => Promise.resolve(),
): Promise<void> {
  const { database } = scratch;
  const shared = { database, log, effects, group };
  const services = [
    await startClassifier({
      ...shared,
      classifier: quoting('local'),
      model: { classifier: quoting('model') },
      retries: { delaysMs: [1, 1, 1], jitter: 0 },
      onMismatch: 'rebuild',
    }),
    await startRelay({ ...shared, holder: 'test' }),
  ];
  const settled = () => until(() => isSettled(log), { what: 'nothing is left to do', withinMs: 30_000 });
  await settled();
  await work();
  await settled();
  for (const service of services) await service.stop();
}

async function isSettled(log: EventLog): Promise<boolean> {
  const ranges = await log.ranges(topics.raw);
  const { rows } = await sql<{ waiting: number; offsets: Record<string, number> | null }>`
    select (select count(*) from outbox) + (select count(*) from ai_tasks)
             + (select count(*) from events where status = 'failed') as waiting,
           (select json_object_agg(partition, next_offset) from positions where consumer = ${group}) as offsets`.execute(
    scratch.database.queries,
  );
  const offsets = rows[0]?.offsets;
  return rows[0]?.waiting === 0 && ranges.every(({ partition, end }) => offsets?.[partition] === end);
}

async function expectForgotten(log: EventLog): Promise<void> {
  expect(await findInDatabase(scratch.database.queries, secret)).toEqual([]);
  expect(await findInCompacted(log, secret)).toEqual([]);
  const { rows } = await sql`
    select from issues where repository_id = ${repositoryId} and number = 1`.execute(
    scratch.database.queries,
  );
  expect(rows).toEqual([]);
}

const deliveries = async () =>
  (
    await sql<{ delivery_id: string }>`
      select delivery_id from events order by delivery_id`.execute(scratch.database.queries)
  ).rows.map(({ delivery_id }) => delivery_id);

const first: Act[] = [1 as const, 2 as const].flatMap((of) => [
  { kind: 'event', number: of, action: 'opened', second: 0 },
  { kind: 'broken', number: of },
]);

it('after an erasure nothing has what the issue said, whatever came before and comes after', async () => {
  await fc.assert(
    fc.asyncProperty(acts, acts, async (before, after) => {
      await emptyDatabase(scratch.database);
      await using log = await openScratchLog();
      const sender = new Sender(log);
      const doAll = async (all: readonly Act[]) => {
        for (const each of all) await sender.do(each);
      };
      await runUntilSettled(log, () => doAll([...first, ...before]));
      const known = await deliveries();
      expect(await findInDatabase(scratch.database.queries, secret)).toContain('events.payload');
      expect(await findInCompacted(log, secret)).toContain(topics.deadLetter);
      await keepCopy(scratch.database);

      await runUntilSettled(log, async () => {
        // In the midst of it: some of this comes before, some after.
        const sending = doAll(after);
        const { clock } = effects;
        await eraseIssue(
          { database: scratch.database, clock },
          { key: erased, repository: '', by: 'me', why: 'asked' },
        );
        await sending;
      });
      await expectForgotten(log);
      expect(await deliveries()).toEqual(expect.arrayContaining(known));
      expect(await findInDatabase(scratch.database.queries, others)).toContain('events.payload');

      // A database that was put back to before, and one made anew, take it from the ledger topic.
      await putBack(scratch.database);
      await runUntilSettled(log);
      await expectForgotten(log);
      await emptyDatabase(scratch.database);
      await runUntilSettled(log);
      await expectForgotten(log);
    }),
    { numRuns: 6 },
  );
}, 240_000);
