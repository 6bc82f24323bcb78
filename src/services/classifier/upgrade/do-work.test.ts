import { sql } from 'kysely';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { answerOf } from '../../../database/stored-issues.fixture.ts';
import { effects } from '../../../effects/silent.fixture.ts';
import { correctClassification } from '../../../operations/correct-classification.ts';
import { deleteIssue } from '../../../operations/delete-issue.ts';
import { repositoryId, type Said } from '../intake.fixture.ts';
import { openUpgrades } from './upgrade.fixture.ts';

let upgrades: Awaited<ReturnType<typeof openUpgrades>>;
beforeAll(async () => {
  upgrades = await openUpgrades();
});
afterEach(() => upgrades.empty());
afterAll(() => upgrades.close());

const edited = (title: string, second: number): Said => ({
  ...{ action: 'edited', title, updatedAt: `2026-03-01T12:00:0${second}Z` },
  payload: { changes: {} },
});
const remove = () =>
  deleteIssue(
    { database: upgrades.database, clock: effects.clock },
    { key: { repositoryId, number: 1 }, repository: 'octo/harbor', by: 'mona' },
  );
const refuse = (sqlstate: string, table: string) =>
  sql
    .raw(`
      create function refuse() returns trigger language plpgsql as $$ begin
        raise exception 'refused' using errcode = '${sqlstate}';
      end $$;
      create trigger refuse before insert on ${table} for each row execute function refuse()`)
    .execute(upgrades.database.queries);

describe("a model's answer", () => {
  it('becomes the current one, with a version and a key that is owed, and its task is gone', async () => {
    await upgrades.take({ title: 'A' });
    const before = await upgrades.current();
    await upgrades.owed();
    await upgrades.worker().workAll();
    const after = await upgrades.current();
    expect(after).toMatchObject({
      ...{ source: 'model', classifier: 'test/model@1', degraded: null, category: 'feature' },
      ...{ confidence: expect.closeTo(0.9), priority: 'high', shown_source: 'model' },
    });
    expect(after?.version).toBeGreaterThan(before?.version ?? 0);
    expect(await upgrades.owed()).toEqual([{ key: `${repositoryId}#1`, version: after?.version }]);
    expect([await upgrades.tasks(), await upgrades.calls()]).toEqual([[], []]);
    expect(await upgrades.answers()).toEqual([{ cache_key: upgrades.model.keyOf('A') }]);
  });

  it('changes nothing that a person set, also while the call was under way', async () => {
    await upgrades.take({ title: 'A' });
    const worker = upgrades.worker();
    const claimed = await worker.claim();
    const version = (await upgrades.current())?.version ?? 0;
    await correctClassification(
      { database: upgrades.database, clock: effects.clock },
      { key: { repositoryId, number: 1 }, version, set: { category: 'question' }, undo: [], by: 'mona' },
    );
    await worker.work(claimed);
    expect(await upgrades.current()).toMatchObject({
      ...{ source: 'model', category: 'question', confidence: 1, priority: 'high', shown_source: 'person' },
    });
  });

  it('has a version above what the ledger has of an issue that was made again', async () => {
    await upgrades.take({ title: 'A' });
    const high = 9_000_000_000_000_000;
    await sql`insert into deletions values
      (${repositoryId}, 1, 'octo/harbor', ${high}, now(), null, 'person', 'mona', false, now())`.execute(
      upgrades.database.queries,
    );
    await upgrades.worker().workAll();
    expect(await upgrades.current()).toMatchObject({ source: 'model', version: high + 1 });
  });

  it('is kept, but not current, when its text was edited meanwhile; the newer task stays', async () => {
    await upgrades.take({ title: 'A' });
    const worker = upgrades.worker();
    const claimed = await worker.claim();
    await upgrades.take(edited('B', 1));
    await worker.work(claimed);
    expect(await upgrades.current()).toMatchObject({ source: 'local', degraded: 'waiting for the model' });
    expect(await upgrades.tasks()).toHaveLength(1);
    await upgrades.take(edited('A', 2));
    expect(await upgrades.current()).toMatchObject({ source: 'model' });
    expect(await upgrades.tasks()).toEqual([]);
    expect(upgrades.model.total).toBe(1);
  });

  it('serves a text that was edited away and back while the call was under way', async () => {
    await upgrades.take({ title: 'A' });
    const [worker, other] = [upgrades.worker(), upgrades.worker()];
    const claimed = await worker.claim();
    await upgrades.take(edited('B', 1));
    await upgrades.take(edited('A', 2));
    expect(await other.claim()).toEqual([]);
    await worker.work(claimed);
    expect(await upgrades.current()).toMatchObject({ source: 'model' });
    await other.workAll();
    expect(await upgrades.tasks()).toEqual([]);
    expect(upgrades.model.total).toBe(1);
  });

  it('does not bring a deleted issue back, and is kept', async () => {
    await upgrades.take({ title: 'A' });
    const worker = upgrades.worker();
    const claimed = await worker.claim();
    await remove();
    await upgrades.owed();
    expect(await upgrades.tasks()).toEqual([]);
    await worker.work(claimed);
    expect(await upgrades.current()).toBeUndefined();
    expect(await upgrades.owed()).toEqual([]);
    expect(await upgrades.answers()).toHaveLength(1);
    expect(await upgrades.calls()).toEqual([]);
  });

  it('is not kept of an issue that is deleted for good, unless another one waits for it', async () => {
    await upgrades.take({ title: 'A' });
    const worker = upgrades.worker();
    const claimed = await worker.claim();
    await remove();
    await sql`update deletions set permanent = true`.execute(upgrades.database.queries);
    await worker.work(claimed);
    expect(await upgrades.answers()).toEqual([]);
    await upgrades.take({ number: 2, title: 'B' });
    const asked = await worker.claim();
    await upgrades.take({ number: 3, title: 'B' });
    await sql`
      with gone as (delete from issues where number = 2 returning *)
      insert into deletions select repository_id, number, repository, version, now(), updated_at, 'person', 'mona',
             true from gone`.execute(upgrades.database.queries);
    await worker.work(asked);
    await worker.workAll();
    expect(await upgrades.current(3)).toMatchObject({ source: 'model' });
    expect(upgrades.model.calls.get(upgrades.model.keyOf('B'))).toBe(1);
  });

  it('leaves the task of an issue alone that was deleted and came again', async () => {
    await upgrades.take({ title: 'A' });
    const [first, second] = [upgrades.worker(), upgrades.worker()];
    const claimed = await first.claim();
    await remove();
    await upgrades.take({ ...edited('B', 1), updatedAt: '2099-03-01T12:00:00Z' });
    const later = await second.claim();
    expect(later.map(({ kind }) => kind)).toEqual(['ask']);
    await first.work(claimed);
    expect(await upgrades.tasks()).toHaveLength(1);
    await second.work(later);
    expect(await upgrades.current()).toMatchObject({ source: 'model' });
    expect(await upgrades.tasks()).toEqual([]);
  });

  it('that comes after its lease is kept, and ends neither the task nor the call of who has them now', async () => {
    await upgrades.take({ title: 'A' });
    const [late, other] = [upgrades.worker(), upgrades.worker()];
    const first = await late.claim();
    await upgrades.passTime();
    const second = await other.claim();
    await late.work(first);
    expect([(await upgrades.tasks()).length, (await upgrades.calls()).length]).toEqual([1, 1]);
    const { version } = (await upgrades.current()) ?? {};
    // What readers saw of a text does not change because it was asked about twice.
    upgrades.model.category = 'documentation';
    await other.work(second);
    expect(await upgrades.current()).toMatchObject({ category: 'feature', version });
    expect([await upgrades.tasks(), await upgrades.calls()]).toEqual([[], []]);
    expect(other.repeated).toBe(1);
  });

  it('of a call that is gone is stored only once the log was read: the answer that readers saw stands', async () => {
    await upgrades.take({ title: 'A' });
    const worker = upgrades.worker();
    const claimed = await worker.claim();
    await sql`delete from ai_calls`.execute(upgrades.database.queries);
    const { task } = claimed[0] ?? {};
    let looks = 0;
    worker.knowsLog = async () => {
      looks += 1;
      expect(await upgrades.answers()).toEqual([]);
      if (looks < 2) return false;
      await sql`insert into ai_answers (cache_key, repository_id, content_hash, classifier, answer)
        values (${task?.cacheKey}, ${repositoryId}, ${task?.contentHash}, 'test/model@1',
                ${JSON.stringify(answerOf('documentation', 'high', 0.8))}::json)`.execute(
        upgrades.database.queries,
      );
      return true;
    };
    await worker.work(claimed);
    expect(looks).toBe(2);
    expect(await upgrades.current()).toMatchObject({ source: 'model', category: 'documentation' });
  });

  it('is not asked for while the log may know one, and that counts as no call', async () => {
    await upgrades.take({ title: 'A' });
    const worker = upgrades.worker();
    worker.mayAsk = false;
    await worker.workAll();
    expect(upgrades.model.total).toBe(0);
    expect(await upgrades.tasks()).toMatchObject([{ leased_until: null, attempts: 0 }]);
    await upgrades.passTime();
    worker.mayAsk = true;
    await worker.workAll();
    expect(await upgrades.current()).toMatchObject({ source: 'model' });
    expect([upgrades.model.total, worker.repeated]).toEqual([1, 0]);
  });

  it('is not asked for by who was frozen until its time was over', async () => {
    await upgrades.take({ title: 'A' });
    const frozen = upgrades.worker();
    frozen.leaseMs = 0;
    await frozen.work(await frozen.claim());
    expect(upgrades.model.total).toBe(0);
    await upgrades.passTime();
    await upgrades.worker().workAll();
    expect(upgrades.model.total).toBe(1);
  });

  it('is stored when the database is back, without another call', async () => {
    await upgrades.take({ title: 'A' });
    await refuse('53100', 'ai_answers');
    let failures = 0;
    const clock = {
      ...effects.clock,
      sleep: async (ms: number, signal?: AbortSignal) => {
        if (ms > 10_000) return effects.clock.sleep(ms, signal);
        failures += 1;
        if (failures === 2) await upgrades.accept();
      },
    };
    await upgrades.worker(clock).workAll();
    expect(failures).toBe(2);
    expect(await upgrades.current()).toMatchObject({ source: 'model' });
    expect(upgrades.model.total).toBe(1);
  });

  it('is stored with what PostgreSQL refuses replaced', async () => {
    await upgrades.take({ title: 'A' });
    const answer = answerOf();
    upgrades.model.behaves = async () => ({
      ...answer,
      summary: { ...answer.summary, value: 'a \0 and a \uD800' },
    });
    await upgrades.worker().workAll();
    const version = (await upgrades.current())?.version ?? 0;
    const corrected = await correctClassification(
      { database: upgrades.database, clock: effects.clock },
      { key: { repositoryId, number: 1 }, version, set: { priority: 'low' }, undo: [], by: 'mona' },
    );
    expect(corrected).toMatchObject({ issue: { classification: { summary: 'a \uFFFD and a \uFFFD' } } });
  });
});
