import { sql } from 'kysely';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { openUpgrades } from './upgrade.fixture.ts';

let upgrades: Awaited<ReturnType<typeof openUpgrades>>;
beforeAll(async () => {
  upgrades = await openUpgrades();
});
afterEach(() => upgrades.empty());
afterAll(() => upgrades.close());

const inRepository = (id: number) => ({ repository: { id, full_name: `octo/r${id}` } });

describe('a claim', () => {
  it('takes live tasks before imports', async () => {
    await upgrades.take({ number: 1, title: 'A', event: 'snapshot', action: 'snapshot', origin: 'import' });
    await upgrades.take({ number: 2, title: 'B' });
    const worker = upgrades.worker();
    worker.limit = 1;
    expect((await worker.claim()).map(({ task }) => task.number)).toEqual([2]);
    expect((await worker.claim()).map(({ task }) => task.number)).toEqual([1]);
    expect(await worker.claim()).toEqual([]);
  });

  it('gives every repository its turn, however much another one wants', async () => {
    const flood = Array.from({ length: 10 }, (_, n) => ({ number: n + 1, title: `Flood ${n}` }));
    await upgrades.take(...flood.map((said) => ({ ...said, payload: inRepository(1) })));
    await upgrades.take(
      { number: 1, title: 'A', payload: inRepository(2) },
      { number: 1, title: 'A', payload: inRepository(3) },
    );
    const worker = upgrades.worker();
    worker.limit = 4;
    const claimed = (await worker.claim()).map(({ task }) => task.repositoryId);
    expect(claimed.sort()).toEqual([1, 1, 2, 3]);
  });

  it('goes on behind the repositories that had their turn', async () => {
    await sql`
      insert into ai_tasks (repository_id, number, content_hash, live)
      select id, 1, 'hash', true from generate_series(1, 100) id`.execute(upgrades.database.queries);
    const { turns, more } = await upgrades.worker().claimed();
    expect({ turns, more }).toEqual({ turns: { live: 64, imported: null }, more: true });
  });

  it('hands a text to one caller, and lets issues with the same text wait for his answer', async () => {
    await upgrades.take({ number: 1, title: 'A' }, { number: 2, title: 'A' });
    const [one, other] = [upgrades.worker(), upgrades.worker()];
    const claimed = await one.claim();
    expect(claimed.map(({ kind }) => kind)).toEqual(['ask']);
    await upgrades.take({ number: 3, title: 'A' });
    expect(await other.claim()).toEqual([]);
    await one.work(claimed);
    const rest = await other.claim();
    expect(rest.map(({ kind, task }) => [kind, task.number])).toEqual([
      ['answered', 2],
      ['answered', 3],
    ]);
    await other.work(rest);
    expect(upgrades.model.total).toBe(1);
    const sources = await Promise.all(
      [1, 2, 3].map(async (number) => (await upgrades.current(number))?.source),
    );
    expect(sources).toEqual(['model', 'model', 'model']);
    expect([await upgrades.tasks(), await upgrades.calls()]).toEqual([[], []]);
  });

  it('keeps answers within their repository', async () => {
    await upgrades.take({ title: 'A', payload: inRepository(1) }, { title: 'A', payload: inRepository(2) });
    await upgrades.worker().workAll();
    expect(upgrades.model.total).toBe(2);
  });

  it('drops a task whose issue is gone or has another text, without a call', async () => {
    await upgrades.take({ number: 1, title: 'A' }, { number: 2, title: 'B' });
    await sql`delete from issues where number = 1`.execute(upgrades.database.queries);
    await upgrades.takeWith(false, {
      ...{ number: 2, action: 'edited', title: 'C', updatedAt: '2026-03-01T12:00:01Z' },
      payload: { changes: {} },
    });
    expect(await upgrades.worker().claim()).toEqual([]);
    expect(await upgrades.tasks()).toEqual([]);
    expect(upgrades.model.total).toBe(0);
  });

  it('begins a call again once its lease is over, and counts that it may be paid twice', async () => {
    await upgrades.take({ title: 'A' });
    const [crashed, next] = [upgrades.worker(), upgrades.worker()];
    expect(await crashed.claim()).toHaveLength(1);
    expect(await next.claim()).toEqual([]);
    await upgrades.passTime();
    await next.workAll();
    expect(next.repeated).toBe(1);
    expect(await upgrades.current()).toMatchObject({ source: 'model' });
    expect([await upgrades.tasks(), await upgrades.calls()]).toEqual([[], []]);
  });
});
