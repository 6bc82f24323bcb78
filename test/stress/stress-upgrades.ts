import { setTimeout as pause } from 'node:timers/promises';
import { sql } from 'kysely';
import type { Classifier, Content } from '../../src/classification/classifier.ts';
import type { Answer } from '../../src/contracts/classification.ts';
import type { Database } from '../../src/database/database.ts';
import { answerOf } from '../../src/database/stored-issues.fixture.ts';
import { contentHash } from '../../src/domain/content-hash.ts';
import { effects, silent } from '../../src/effects/silent.fixture.ts';
import type { OfferedModel } from '../../src/services/classifier/upgrade/offer-contents.ts';
import { Upgrades } from '../../src/services/classifier/upgrade/upgrades.ts';
import { until } from '../until.ts';

/** Two loops that upgrade, beside whatever else is done to the database. */
export interface StressedUpgrades {
  readonly offered: OfferedModel;
  /** Waits until nothing waits for the model, stops the loops, and says what went wrong, in words. */
  finish(): Promise<readonly string[]>;
}

/** Answers after a moment; every seventh call fails, every eleventh never ends. No two answers are alike. */
class StressedModel implements Classifier {
  readonly name = 'stress/model';
  readonly version = '1';
  readonly answered = new Map<string, number>();
  #calls = 0;

  async classify(contents: readonly Content[], signal?: AbortSignal): Promise<readonly Answer[]> {
    this.#calls += 1;
    const call = this.#calls;
    if (call % 11 === 0) await pause(60_000, undefined, { signal });
    if (call % 7 === 0) throw new Error('the model is away');
    await pause(call % 5);
    return contents.map(({ title, body }) => {
      const hash = contentHash(title, body);
      this.answered.set(hash, (this.answered.get(hash) ?? 0) + 1);
      const answer = answerOf('feature');
      return { ...answer, summary: { ...answer.summary, value: `Call ${call}.` } };
    });
  }

  async close(): Promise<void> {
    await Promise.resolve();
  }
}

export function stressUpgrades(database: Database): StressedUpgrades {
  const findings: string[] = [];
  const model = new StressedModel();
  let repeated = 0;
  const meter = {
    ...effects.meter,
    counter: (name: string) => ({
      add: (amount = 1) => {
        if (name === 'dispatchai_model_calls_repeated_total') repeated += amount;
      },
    }),
  };
  const note = (context: object) => {
    const err = 'err' in context ? context.err : null;
    const isDatabases = err instanceof Error && 'code' in err;
    if (isDatabases) findings.push(`upgrades: ${err.message}`);
  };
  const logger = { ...silent, warn: note, error: note };
  const stopping = new AbortController();
  const options = { classifier: model, concurrency: 8, leaseMs: 900 };
  const loops = [0, 1].map(
    () => new Upgrades(database, options, { ...effects, logger, meter }, stopping.signal),
  );
  const running = Promise.all(loops.map((loop) => loop.run()));
  return {
    offered: (loops[0] as Upgrades).offered,
    finish: async () => {
      await until(
        async () => {
          const { rows } = await sql<{ waiting: number }>`select count(*) as waiting from ai_tasks`.execute(
            database.queries,
          );
          return rows[0]?.waiting === 0;
        },
        { what: 'nothing waits for the model', withinMs: 30_000 },
      );
      stopping.abort();
      await running;
      const calls = [...model.answered.values()].reduce((sum, count) => sum + count, 0);
      if (calls > model.answered.size + repeated) {
        findings.push(`${calls} calls for ${model.answered.size} texts, ${repeated} of them again`);
      }
      return [...findings, ...(await inspect(database))];
    },
  };
}

async function inspect(database: Database): Promise<readonly string[]> {
  const { rows } = await sql<{ finding: string }>`
    select 'issue ' || number || ' has the answer of ' || coalesce(c.source, 'nobody') || ' to '
           || case when c.content_hash = i.content_hash then 'its text' else 'another text' end as finding
      from issues i left join classifications c using (repository_id, number)
     where c.content_hash is distinct from i.content_hash or c.source <> 'model' or c.degraded is not null
    union all
    select 'classification ' || number || ' of an issue that is gone'
      from classifications c where not exists (
        select from issues i where i.repository_id = c.repository_id and i.number = c.number)
    union all
    select 'issue ' || number || ' does not show the stored answer'
      from classifications c left join ai_answers a using (cache_key)
     where a.answer::text is distinct from c.answer::text
    union all
    select 'a call is still held: ' || cache_key from ai_calls where begun = 0 or leased_until > now()`.execute(
    database.queries,
  );
  return rows.map(({ finding }) => finding);
}
