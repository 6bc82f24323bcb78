import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { Database } from '../../../database/database.ts';
import { PostgresError } from '../../../database/database-error.ts';
import { HandClock } from '../../../effects/hand-clock.fixture.ts';
import { HandWorker, openUpgrades } from './upgrade.fixture.ts';

let upgrades: Awaited<ReturnType<typeof openUpgrades>>;
beforeAll(async () => {
  upgrades = await openUpgrades();
});
afterEach(() => upgrades.empty());
afterAll(() => upgrades.close());

describe('a model that fails', () => {
  it('leaves the local answer, marked with the reason, and is asked again ever later', async () => {
    await upgrades.take({ title: 'A' });
    await upgrades.owed();
    const worker = upgrades.worker();
    upgrades.model.behaves = () => 'fails';
    await worker.workAll();
    expect(await upgrades.current()).toMatchObject({
      source: 'local',
      degraded: expect.stringContaining('away'),
    });
    expect(await upgrades.owed()).toHaveLength(1);
    expect(await upgrades.tasks()).toMatchObject([{ attempts: 1, leased_until: null }]);
    await upgrades.passTime();
    await worker.workAll();
    expect(await upgrades.owed()).toEqual([]);
    const [task] = await upgrades.tasks();
    expect(Number(task?.due_at) - Date.now()).toBeGreaterThan(1_000);
    upgrades.model.behaves = () => 'answers';
    await upgrades.passTime();
    await worker.workAll();
    expect(await upgrades.current()).toMatchObject({ source: 'model', degraded: null });
    expect(worker.repeated).toBe(0);
  });

  it('is given up at two thirds of the lease when it does not answer, which may be paid twice', async () => {
    await upgrades.take({ title: 'A' });
    const clock = new HandClock();
    const worker = upgrades.worker(clock);
    let given: AbortSignal | undefined;
    const asked = Promise.withResolvers<void>();
    upgrades.model.behaves = (_, signal) => {
      given = signal;
      asked.resolve();
      return new Promise(() => undefined);
    };
    const working = worker.claim().then((claimed) => worker.work(claimed));
    await asked.promise;
    clock.advance(39_999);
    expect(given?.aborted).toBe(false);
    clock.advance(1);
    await working;
    expect(given?.aborted).toBe(true);
    expect(await upgrades.tasks()).toMatchObject([{ attempts: 1 }]);
    upgrades.model.behaves = () => 'answers';
    await upgrades.passTime();
    await worker.workAll();
    expect(worker.repeated).toBe(1);
  });

  it('is handed on at once when the service stops with a call under way', async () => {
    await upgrades.take({ title: 'A' });
    const [stopping, next] = [upgrades.worker(), upgrades.worker()];
    const asked = Promise.withResolvers<void>();
    upgrades.model.behaves = () => {
      asked.resolve();
      return new Promise(() => undefined);
    };
    const working = stopping.claim().then((claimed) => stopping.work(claimed));
    await asked.promise;
    stopping.stop();
    await working;
    expect(await upgrades.current()).toMatchObject({ degraded: 'waiting for the model' });
    upgrades.model.behaves = () => 'answers';
    await next.workAll();
    expect(next.repeated).toBe(1);
    expect(await upgrades.current()).toMatchObject({ source: 'model' });
  });
});

describe('a text that the model refuses', () => {
  const tryAll = async (behaves: () => 'refuses' | Promise<never>) => {
    const worker = upgrades.worker();
    upgrades.model.behaves = behaves;
    for (let tries = 1; tries <= 4; tries += 1) {
      await worker.workAll();
      await upgrades.passTime();
    }
    return worker;
  };

  it('is asked about three times and then given up, which readers see', async () => {
    await upgrades.take({ title: 'A' });
    await upgrades.owed();
    await tryAll(() => 'refuses');
    expect(upgrades.model.total).toBe(3);
    expect(await upgrades.tasks()).toEqual([]);
    expect(await upgrades.current()).toMatchObject({
      source: 'local',
      degraded: 'the model refused this text',
    });
    expect(await upgrades.owed()).toHaveLength(1);
  });

  it('was refused once, also where the answer of that commit was lost', async () => {
    await upgrades.take({ title: 'A' });
    const { database } = upgrades;
    let commits = 0;
    const lossy: Database = {
      ...{ driver: database.driver, queries: database.queries },
      transaction: async (work) => {
        const result = await database.transaction(work);
        commits += 1;
        if (commits === 2) throw new PostgresError('the answer was lost', { code: '08006' });
        return result;
      },
      listen: (channel, wake) => database.listen(channel, wake),
      close: () => database.close(),
    };
    upgrades.model.behaves = () => 'refuses';
    await new HandWorker(lossy, upgrades.model).workAll();
    // A claim, the refusal twice, and a claim that finds nothing.
    expect(commits).toBe(4);
    expect(await upgrades.calls()).toMatchObject([{ refusals: 1 }]);
    const [task] = await upgrades.tasks();
    expect(Number(task?.due_at) - Date.now()).toBeGreaterThan(500);
  });

  it('is not asked about again for another issue', async () => {
    await upgrades.take({ number: 1, title: 'A' }, { number: 2, title: 'A' });
    await tryAll(() => 'refuses');
    await upgrades.take({ number: 3, title: 'A' });
    const worker = await tryAll(() => 'refuses');
    expect(upgrades.model.total).toBe(3);
    expect(worker.repeated).toBe(0);
    const reasons = await Promise.all(
      [1, 2, 3].map(async (number) => (await upgrades.current(number))?.degraded),
    );
    expect(new Set(reasons)).toEqual(new Set(['the model refused this text']));
    expect(await upgrades.tasks()).toEqual([]);
  });

  it('is one that gets no usable answer', async () => {
    await upgrades.take({ title: 'A' });
    await tryAll(async () => ({ category: 'spam' }) as never);
    expect(upgrades.model.total).toBe(3);
    expect(await upgrades.answers()).toEqual([]);
    expect(await upgrades.tasks()).toEqual([]);
  });
});
