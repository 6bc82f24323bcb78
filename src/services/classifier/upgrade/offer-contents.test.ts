import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { readIssue } from '../../../database/issue-reads.ts';
import { effects } from '../../../effects/silent.fixture.ts';
import { correctClassification } from '../../../operations/correct-classification.ts';
import { repositoryId } from '../intake.fixture.ts';
import { openUpgrades } from './upgrade.fixture.ts';

let upgrades: Awaited<ReturnType<typeof openUpgrades>>;
beforeAll(async () => {
  upgrades = await openUpgrades();
});
afterEach(() => upgrades.empty());
afterAll(() => upgrades.close());

const edited = (title: string, second: number) =>
  ({ action: 'edited', title, updatedAt: `2026-03-01T12:00:0${second}Z`, payload: { changes: {} } }) as const;

describe('intake with a model', () => {
  it('makes the local answer current, marked as waiting, and one task', async () => {
    await upgrades.take({ title: 'A' });
    expect(await upgrades.current()).toMatchObject({ source: 'local', degraded: 'waiting for the model' });
    expect(await upgrades.tasks()).toMatchObject([
      { number: 1, live: true, attempts: 0, leased_until: null },
    ]);
    const issue = await readIssue(upgrades.database.queries, { repositoryId, number: 1 });
    expect(issue?.classification?.degraded).toBe('waiting for the model');
  });

  it('has no part in it when none is configured', async () => {
    await upgrades.takeWith(false, { title: 'A' });
    expect(await upgrades.current()).toMatchObject({ source: 'local', degraded: null });
    expect(await upgrades.tasks()).toEqual([]);
  });

  it('replaces the task of a former content, and makes none for an unrelated edit', async () => {
    await upgrades.take({ title: 'A' });
    const [first] = await upgrades.tasks();
    await upgrades.take({
      action: 'labeled',
      title: 'A',
      updatedAt: '2026-03-01T12:00:01Z',
      issue: { labels: [{ name: 'x' }] },
    });
    expect(await upgrades.tasks()).toEqual([first]);
    await upgrades.take(edited('B', 2));
    const tasks = await upgrades.tasks();
    expect(tasks).toHaveLength(1);
    expect(tasks[0]?.content_hash).not.toBe(first?.content_hash);
    expect(tasks[0]?.token).toBeGreaterThan(first?.token ?? 0);
    await upgrades.worker().workAll();
    await upgrades.take({ action: 'closed', title: 'B', updatedAt: '2026-03-01T12:00:03Z' });
    expect(await upgrades.tasks()).toEqual([]);
    expect(await upgrades.current()).toMatchObject({ source: 'model' });
  });

  it('makes a stored answer current at once, without a task, and drops the one that waits', async () => {
    await upgrades.take({ title: 'A' });
    await upgrades.worker().workAll();
    await upgrades.take(edited('B', 1));
    expect(await upgrades.tasks()).toHaveLength(1);
    await upgrades.take(edited('A', 2));
    expect(await upgrades.tasks()).toEqual([]);
    expect(await upgrades.current()).toMatchObject({
      source: 'model',
      classifier: 'test/model@1',
      category: 'feature',
      degraded: null,
    });
    expect(upgrades.model.total).toBe(1);
  });

  it('lays what people set over a stored answer', async () => {
    await upgrades.take({ title: 'A' }, { number: 2, title: 'B' });
    await upgrades.worker().workAll();
    const version = (await upgrades.current(2))?.version ?? 0;
    await correctClassification(
      { database: upgrades.database, clock: effects.clock },
      { key: { repositoryId, number: 2 }, version, set: { category: 'question' }, undo: [], by: 'mona' },
    );
    await upgrades.take({ number: 2, ...edited('A', 1) });
    expect(await upgrades.current(2)).toMatchObject({
      source: 'model',
      category: 'question',
      confidence: 1,
      priority: 'high',
      shown_source: 'person',
    });
  });

  it('knows imports from what people wait for', async () => {
    await upgrades.take(
      { number: 1, title: 'A', event: 'snapshot', action: 'snapshot', origin: 'import' },
      { number: 2, title: 'B' },
    );
    expect((await upgrades.tasks()).map(({ live }) => live)).toEqual([false, true]);
    await upgrades.take({ number: 1, ...edited('C', 1) });
    expect((await upgrades.tasks()).map(({ live }) => live)).toEqual([true, true]);
  });
});
