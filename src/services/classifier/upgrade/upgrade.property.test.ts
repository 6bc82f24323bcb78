import fc from 'fast-check';
import { sql } from 'kysely';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Answer } from '../../../contracts/classification.ts';
import { categories } from '../../../contracts/classification.ts';
import { answerOf } from '../../../database/stored-issues.fixture.ts';
import { refusedByModel, waitsForModel } from '../../../domain/degraded.ts';
import { effects } from '../../../effects/silent.fixture.ts';
import { correctClassification } from '../../../operations/correct-classification.ts';
import { deleteIssue } from '../../../operations/delete-issue.ts';
import { repositoryId } from '../intake.fixture.ts';
import type { Work } from './claim-work.ts';
import { type HandWorker, openUpgrades } from './upgrade.fixture.ts';

let upgrades: Awaited<ReturnType<typeof openUpgrades>>;
beforeAll(async () => {
  upgrades = await openUpgrades();
});
afterAll(() => upgrades.close());

const number = fc.integer({ min: 1, max: 3 });
const worker = fc.nat(1);
const step = fc.oneof(
  fc.record({ kind: fc.constant('edit' as const), number, title: fc.constantFrom('A', 'B', 'C') }),
  fc.record({ kind: fc.constant('label' as const), number, label: fc.constantFrom('x', 'y') }),
  fc.record({
    kind: fc.constant('correct' as const),
    number,
    category: fc.constantFrom(...categories, null),
  }),
  fc.record({ kind: fc.constant('delete' as const), number }),
  fc.record({ kind: fc.constant('claim' as const), worker }),
  fc.record({ kind: fc.constant('claim' as const), worker }),
  fc.record({
    kind: fc.constant('finish' as const),
    worker,
    model: fc.constantFrom('answers' as const, 'answers' as const, 'fails' as const, 'refuses' as const),
  }),
  fc.record({ kind: fc.constant('crash' as const), worker }),
  fc.record({ kind: fc.constant('time' as const) }),
);
type Step = typeof step extends fc.Arbitrary<infer T> ? T : never;

/** One life of a few issues: what is said, set, deleted, claimed, answered and lost, in this order. */
class Life {
  readonly #workers: readonly { readonly worker: HandWorker; claimed: Work[] }[];
  readonly #answered = new Map<string, number>();
  readonly #repeated = new Map<string, number>();
  readonly #versions = new Map<number, number>();
  readonly #titles = new Map<number, string>();
  #second = 0;
  #calls = 0;

  constructor() {
    this.#workers = [0, 1].map(() => ({ worker: upgrades.worker(), claimed: [] }));
  }

  async take(step: Step): Promise<void> {
    if (step.kind === 'edit') await this.#say(step.number, { title: step.title });
    if (step.kind === 'label') await this.#say(step.number, { labels: [{ name: step.label }] });
    if (step.kind === 'correct') await this.#correct(step.number, step.category);
    if (step.kind === 'delete') await this.#delete(step.number);
    if (step.kind === 'time') await upgrades.passTime();
    if (step.kind === 'crash') this.#at(step.worker).claimed = [];
    if (step.kind === 'claim') {
      const { worker, claimed } = this.#at(step.worker);
      claimed.push(...(await worker.claim()));
    }
    if (step.kind === 'finish') await this.#finish(this.#at(step.worker), step.model);
    await this.check();
  }

  /** Everybody comes back, and the model answers. */
  async end(): Promise<void> {
    for (const each of this.#workers) while (each.claimed.length > 0) await this.#finish(each, 'answers');
    for (let round = 0; round < 5; round += 1) {
      await upgrades.passTime();
      const each = this.#at(0);
      each.claimed.push(...(await each.worker.claim()));
      while (each.claimed.length > 0) await this.#finish(each, 'answers');
      await this.check();
    }
    expect(await upgrades.tasks()).toEqual([]);
    for (const row of await this.#rows()) {
      expect(row.source === 'model' || row.degraded === refusedByModel).toBe(true);
    }
  }

  async check(): Promise<void> {
    for (const [key, times] of this.#answered) {
      expect(times).toBeLessThanOrEqual(1 + (this.#repeated.get(key) ?? 0));
    }
    for (const row of await this.#rows()) {
      expect(row.answered).toBe(row.content);
      expect(row.version).toBeGreaterThanOrEqual(this.#versions.get(row.number) ?? 0);
      this.#versions.set(row.number, row.version);
      if (row.source === 'model') expect(row.answer).toEqual(row.stored);
      else expect(row.waits).toBe(waitsForModel(row.degraded));
      expect(row.category).toBe(row.corrected ?? row.answer.category.value);
    }
  }

  #at(index: number) {
    const found = this.#workers[index];
    if (!found) throw new Error(`there is no worker ${index}`);
    return found;
  }

  async #say(number: number, said: { title?: string; labels?: object[] }): Promise<void> {
    this.#second += 1;
    const title = said.title ?? this.#titles.get(number) ?? 'A';
    this.#titles.set(number, title);
    await upgrades.take({
      number,
      title,
      action: said.title ? 'edited' : 'labeled',
      // Later than any deletion: it recreates.
      updatedAt: new Date(Date.parse('2099-01-01T00:00:00Z') + this.#second * 1_000).toISOString(),
      payload: { changes: {} },
      issue: { labels: said.labels ?? [] },
    });
  }

  async #correct(number: number, category: (typeof categories)[number] | null): Promise<void> {
    const version = (await upgrades.current(number))?.version ?? 0;
    const change =
      category === null ? { set: {}, undo: ['category' as const] } : { set: { category }, undo: [] };
    await correctClassification(
      { database: upgrades.database, clock: effects.clock },
      { key: { repositoryId, number }, version, ...change, by: 'mona' },
    );
  }

  async #delete(number: number): Promise<void> {
    const request = { key: { repositoryId, number }, repository: 'octo/harbor', by: 'mona' };
    await deleteIssue({ database: upgrades.database, clock: effects.clock }, request);
    // A state of the future would bar everything that this test says later.
    await sql`update deletions set state_updated_at = null`.execute(upgrades.database.queries);
  }

  async #finish(
    each: { readonly worker: HandWorker; claimed: Work[] },
    model: 'answers' | 'fails' | 'refuses',
  ): Promise<void> {
    const [work] = each.claimed.splice(0, 1);
    if (!work) return;
    const { cacheKey } = work.task;
    if (work.kind === 'ask' && work.call.begun > 1) count(this.#repeated, cacheKey);
    upgrades.model.behaves = () => (model === 'answers' ? this.#answer(cacheKey) : model);
    await each.worker.work([work]);
  }

  /** No two answers are alike: what readers see of one text may not differ all the same. */
  async #answer(cacheKey: string): Promise<Answer> {
    count(this.#answered, cacheKey);
    this.#calls += 1;
    const answer = answerOf(categories[this.#calls % categories.length]);
    return { ...answer, summary: { ...answer.summary, value: `Call ${this.#calls}.` } };
  }

  async #rows() {
    const { rows } = await sql<{
      number: number;
      version: number;
      content: string;
      answered: string;
      source: string;
      degraded: string | null;
      category: string;
      answer: Answer;
      stored: Answer | null;
      corrected: string | null;
      waits: boolean;
    }>`
      select i.number, i.version, i.content_hash as content, c.content_hash as answered, c.source, c.degraded,
             c.category, c.answer, a.answer as stored,
             (select value #>> '{}' from corrections x where x.number = i.number and field = 'category') as corrected,
             exists (select from ai_tasks t where t.number = i.number and t.content_hash = i.content_hash) as waits
        from issues i left join classifications c using (repository_id, number)
        left join ai_answers a using (cache_key)`.execute(upgrades.database.queries);
    return rows;
  }
}

function count(counts: Map<string, number>, key: string): void {
  counts.set(key, (counts.get(key) ?? 0) + 1);
}

it('keeps every promise, whatever happens in whatever order', async () => {
  const property = fc.asyncProperty(fc.array(step, { minLength: 5, maxLength: 30 }), async (steps) => {
    await upgrades.empty();
    const life = new Life();
    for (const each of steps) await life.take(each);
    await life.end();
  });
  await fc.assert(property, { numRuns: 20 });
}, 240_000);
