import { fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Clock, systemClock } from '../../effects/clock.ts';
import { lockDataDirectory } from './data-directory-lock.ts';

/** Sleeping is all that moves it. */
function instantClock(): Clock {
  let time = 0;
  return {
    now: () => time,
    monotonic: () => time,
    sleep: async (ms) => {
      time += ms;
    },
  };
}

describe('the lock on a data directory', () => {
  let directory = '';
  beforeAll(async () => {
    directory = await mkdtemp(join(tmpdir(), 'dispatchai-lock-'));
  });
  afterAll(async () => {
    await rm(directory, { recursive: true, force: true });
  });

  it('has one holder, whom the others can name after waiting', async () => {
    const place = join(directory, 'new', 'place');
    const first = await lockDataDirectory(place, {
      clock: systemClock,
      description: 'dispatchai up, process 1',
    });
    const clock = instantClock();
    expect(await lockDataDirectory(place, { clock, waitMs: 5_000 })).toEqual({
      kind: 'held',
      by: 'dispatchai up, process 1',
    });
    expect(clock.monotonic()).toBe(5_000);
    if (first.kind === 'locked') first.release();
    const second = await lockDataDirectory(place, { clock: systemClock, waitMs: 0 });
    expect(second.kind).toBe('locked');
    if (second.kind === 'locked') second.release();
  });

  it('is free soon after its holder was killed', async () => {
    const child = fork(new URL('./hold-lock.fixture.ts', import.meta.url), [directory], { execArgv: [] });
    expect(await once(child, 'message')).toContain('locked');
    expect(await lockDataDirectory(directory, { clock: systemClock, waitMs: 0 })).toEqual({
      kind: 'held',
      by: 'the fixture',
    });
    const waiting = lockDataDirectory(directory, { clock: systemClock });
    child.kill('SIGKILL');
    const lock = await waiting;
    expect(lock.kind).toBe('locked');
    if (lock.kind === 'locked') lock.release();
  });
});
