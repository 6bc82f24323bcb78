import { expect, it } from 'vitest';
import { Releasers } from './releasers.ts';
import { HandClock, keepingEffects } from './runtime.fixture.ts';

function given() {
  const clock = new HandClock();
  const { effects, lines } = keepingEffects(clock);
  return { clock, lines, releasers: new Releasers(effects) };
}

it('releases what was taken last first, once', async () => {
  const { releasers } = given();
  const released: string[] = [];
  for (const name of ['lock', 'database', 'gateway']) releasers.add(name, () => released.push(name));
  await Promise.all([releasers.release(5_000), releasers.release(5_000)]);
  expect(released).toEqual(['gateway', 'database', 'lock']);
});

it('goes on after one that fails, and says so', async () => {
  const { releasers, lines } = given();
  const released: string[] = [];
  releasers.add('lock', () => released.push('lock'));
  releasers.add('database', () => Promise.reject(new Error('no')));
  expect(await releasers.release(5_000)).toBe('released');
  expect(released).toEqual(['lock']);
  expect(lines).toEqual(['stopping database failed']);
});

it('does not wait for ever', async () => {
  const { releasers, clock, lines } = given();
  releasers.add('database', () => new Promise(() => undefined));
  const releasing = releasers.release(5_000);
  clock.advance(5_000);
  expect(await releasing).toBe('forced');
  expect(lines).toEqual(['stopping takes too long; ending all the same']);
});
