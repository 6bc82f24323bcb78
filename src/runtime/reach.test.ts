import { expect, it } from 'vitest';
import type { OpenFailure } from './judge-open-failure.ts';
import { EndedWhileWaitingError, type Patience, reach } from './reach.ts';
import { Refusal } from './refusal.ts';
import { HandClock, keepingEffects, turn } from './runtime.fixture.ts';

function given(failures: readonly OpenFailure[], patience: 'none' | 'endless') {
  const clock = new HandClock();
  const { effects, lines } = keepingEffects(clock);
  const ending = new AbortController();
  const waiting: (string | null)[] = [];
  let tries = 0;
  const how: Patience =
    patience === 'none'
      ? { kind: 'none' }
      : { kind: 'endless', signal: ending.signal, waiting: (_store, reason) => waiting.push(reason) };
  const reached = reach({
    store: 'event log',
    open: async () => {
      const failure = failures[tries];
      tries += 1;
      if (failure) throw failure;
      return 'opened';
    },
    judge: (error) => error as OpenFailure,
    patience: how,
    effects,
  });
  return { clock, lines, ending, waiting, reached, tries: () => tries };
}

const away: OpenFailure = { kind: 'away', reason: 'the broker cannot be reached' };

it('waits for what comes later, with growing pauses, and says so once in a while', async () => {
  const { clock, lines, waiting, reached, tries } = given(Array(12).fill(away), 'endless');
  for (let second = 0; tries() < 13; second += 1) {
    await turn();
    clock.advance(1_000);
    expect(second).toBeLessThan(120);
  }
  expect(await reached).toBe('opened');
  expect(lines.filter((line) => line.includes('waits')).length).toBeLessThan(4);
  expect(lines.at(-1)).toContain('goes on');
  expect([waiting[0], waiting.at(-1)]).toEqual(['the broker cannot be reached', null]);
});

it('does not wait where a person waits', async () => {
  const { reached, tries } = given([away], 'none');
  await expect(reached).rejects.toThrow(new Refusal('the broker cannot be reached'));
  expect(tries()).toBe(1);
});

it('does not wait for what refuses', async () => {
  const { reached } = given([{ kind: 'refused', message: 'DATABASE_URL: wrong' }], 'endless');
  await expect(reached).rejects.toThrow(new Refusal('DATABASE_URL: wrong'));
});

it('ends when it is asked to', async () => {
  const { reached, ending } = given(Array(9).fill(away), 'endless');
  await turn();
  ending.abort();
  await expect(reached).rejects.toThrow(EndedWhileWaitingError);
});
