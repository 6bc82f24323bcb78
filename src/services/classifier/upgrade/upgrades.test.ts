import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { Answer } from '../../../contracts/classification.ts';
import { answerOf } from '../../../database/stored-issues.fixture.ts';
import { HandClock } from '../../../effects/hand-clock.fixture.ts';
import { effects } from '../../../effects/silent.fixture.ts';
import type { ModelOptions } from './model-options.ts';
import { openUpgrades } from './upgrade.fixture.ts';
import { Upgrades } from './upgrades.ts';

let upgrades: Awaited<ReturnType<typeof openUpgrades>>;
const running: (() => Promise<void>)[] = [];
beforeAll(async () => {
  upgrades = await openUpgrades();
});
afterEach(async () => {
  await Promise.all(running.splice(0).map((stop) => stop()));
  await upgrades.empty();
});
afterAll(() => upgrades.close());

/** Runs the loop on a clock that stands still: what happens, happens because it was woken. */
function run(options: Partial<ModelOptions> = {}) {
  const clock = new HandClock();
  const stopping = new AbortController();
  const model = { classifier: upgrades.model, ...options };
  const loop = new Upgrades(upgrades.database, model, { ...effects, clock }, stopping.signal);
  const ended = loop.run();
  const stop = async () => {
    stopping.abort();
    let over = false;
    void ended.then(() => {
      over = true;
    });
    await expect.poll(() => (over ? 'over' : clock.advance(3_000)), { interval: 5 }).toBe('over');
  };
  running.push(stop);
  return { clock, loop, stop };
}

const eventually = (look: () => unknown) => expect.poll(look, { interval: 5, timeout: 10_000 });
const sourceOf = async (number: number) => (await upgrades.current(number))?.source;
const many = (count: number) =>
  Array.from({ length: count }, (_, n) => ({ number: n + 1, title: `Text ${n + 1}` }));

describe('the upgrades', () => {
  it('follow intake, which they do not hold up', async () => {
    const answers = Promise.withResolvers<Answer>();
    upgrades.model.behaves = () => answers.promise;
    const service = await upgrades.start({ model: { classifier: upgrades.model } });
    await upgrades.append(...many(3));
    await upgrades.settled();
    expect(await upgrades.current(3)).toMatchObject({ source: 'local', degraded: 'waiting for the model' });
    await eventually(() => upgrades.model.total).toBe(3);
    expect(service.readiness()).toEqual({ ready: true });
    answers.resolve(answerOf('question'));
    await eventually(() => Promise.all([1, 2, 3].map(sourceOf))).toEqual(['model', 'model', 'model']);
    await eventually(upgrades.tasks).toEqual([]);
  });

  it('are woken by what intake commits', async () => {
    run();
    await upgrades.take({ title: 'A' });
    await eventually(() => sourceOf(1)).toBe('model');
  });

  it('ask about as many texts at once as they may', async () => {
    const asked: PromiseWithResolvers<Answer>[] = [];
    upgrades.model.behaves = () => {
      const answer = Promise.withResolvers<Answer>();
      asked.push(answer);
      return answer.promise;
    };
    await upgrades.take(...many(7));
    run({ concurrency: 3 });
    await eventually(() => asked.length).toBe(3);
    asked[0]?.resolve(answerOf());
    await eventually(() => asked.length).toBe(4);
    expect(await upgrades.calls()).toHaveLength(3);
    upgrades.model.behaves = () => 'answers';
    for (const { resolve } of asked) resolve(answerOf());
    await eventually(upgrades.tasks).toEqual([]);
    expect(upgrades.model.total).toBe(7);
  });

  it('hold calls back after five failures, and try one after 30 s', async () => {
    upgrades.model.behaves = () => 'fails';
    await upgrades.take(...many(8));
    const { clock, loop } = run({ concurrency: 1 });
    await eventually(() => upgrades.model.total).toBe(5);
    await eventually(() => loop.offered.waiting()).toBe('the model is away; it is asked again');
    await upgrades.passTime();
    clock.advance(29_000);
    expect(upgrades.model.total).toBe(5);
    clock.advance(1_000);
    await eventually(() => upgrades.model.total).toBe(6);
    await eventually(async () =>
      (await upgrades.tasks()).filter((task) => task.leased_until !== null),
    ).toEqual([]);
    upgrades.model.behaves = () => 'answers';
    await upgrades.passTime();
    clock.advance(30_000);
    await eventually(upgrades.tasks).toEqual([]);
    expect(loop.offered.waiting()).toBe('waiting for the model');
    expect(upgrades.model.total).toBe(14);
  });

  it('let a call come to its end when they stop', async () => {
    const answer = Promise.withResolvers<Answer>();
    upgrades.model.behaves = () => answer.promise;
    const stopping = new AbortController();
    const loop = new Upgrades(
      upgrades.database,
      { classifier: upgrades.model },
      { ...effects, clock: new HandClock() },
      stopping.signal,
    );
    const ended = loop.run();
    await upgrades.take({ title: 'A' });
    await eventually(() => upgrades.model.total).toBe(1);
    stopping.abort();
    answer.resolve(answerOf('question'));
    await ended;
    expect(await upgrades.current()).toMatchObject({ source: 'model', category: 'question' });
  });

  it('give up in the end what does not come to its end', async () => {
    upgrades.model.behaves = () => new Promise(() => undefined);
    const { stop } = run();
    await upgrades.take({ title: 'A' });
    await eventually(() => upgrades.model.total).toBe(1);
    await stop();
    expect(await upgrades.tasks()).toMatchObject([{ leased_until: null, attempts: 0 }]);
    expect(await upgrades.calls()).toMatchObject([{ begun: 1 }]);
  });
});
