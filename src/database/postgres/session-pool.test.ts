import { describe, expect, it } from 'vitest';
import { systemClock } from '../../effects/clock.ts';
import { classifyDatabaseError, DatabaseGoneError, DatabaseUnavailableError } from '../database-error.ts';
import type { PooledSession } from './session-pool.ts';
import { SessionPool } from './session-pool.ts';

class FakeSession implements PooledSession {
  readonly lost = new AbortController();
  reusable = true;
  ended = false;
  get gone() {
    return this.lost.signal;
  }
  async end() {
    this.ended = true;
  }
  abandon(reason: unknown) {
    this.lost.abort(reason);
  }
}

function openPool(size: number, refusal?: Error) {
  const opened: FakeSession[] = [];
  const pool = new SessionPool<FakeSession>({
    size,
    clock: { ...systemClock, sleep: (ms, signal) => systemClock.sleep(ms / 500, signal) },
    connect: async () => {
      if (refusal) throw refusal;
      const session = new FakeSession();
      opened.push(session);
      return session;
    },
  });
  return { pool, opened };
}

describe('SessionPool', () => {
  it('opens as many as are needed, lends the last one returned, and serves in the order of asking', async () => {
    const { pool, opened } = openPool(2);
    const [first, second] = await Promise.all([pool.acquire(), pool.acquire()]);
    const served: string[] = [];
    const waiting = ['a', 'b'].map((name) =>
      pool.acquire().then((session) => {
        served.push(name);
        pool.release(session);
      }),
    );
    pool.release(second);
    await Promise.all(waiting);
    pool.release(first);
    expect(served).toEqual(['a', 'b']);
    expect(opened).toHaveLength(2);
    expect(await pool.acquire()).toBe(first);
  });

  it('replaces what was lost or left in a transaction', async () => {
    const { pool, opened } = openPool(1);
    const first = await pool.acquire();
    first.reusable = false;
    pool.release(first);
    expect(first.gone.aborted).toBe(true);
    const second = await pool.acquire();
    pool.release(second);
    second.abandon(new Error('lost while idle'));
    expect(await pool.acquire()).toBe(opened[2]);
  });

  it('drops the idle ones with one that hung', async () => {
    const { pool, opened } = openPool(3);
    const sessions = await Promise.all([pool.acquire(), pool.acquire(), pool.acquire()]);
    for (const session of sessions.slice(1)) pool.release(session);
    opened[0]?.abandon(new DatabaseUnavailableError('no answer'));
    expect(opened.map(({ gone }) => gone.aborted)).toEqual([true, true, true]);
  });

  it('gives the place back when no session can be opened, and blames the world whatever the reason', async () => {
    const { pool } = openPool(
      1,
      Object.assign(new Error('certificate has expired'), { code: 'CERT_HAS_EXPIRED' }),
    );
    for (const _ of [1, 2]) {
      const error = await pool.acquire().catch((refused: unknown) => refused);
      expect(classifyDatabaseError(error)).toBe('world');
      expect(error).toMatchObject({ message: expect.stringContaining('certificate has expired') });
    }
    await pool.close();
  });

  it('bounds the wait for a session, and forgets who gave up', async () => {
    const { pool } = openPool(1);
    const session = await pool.acquire();
    await expect(pool.acquire()).rejects.toThrow(DatabaseUnavailableError);
    pool.release(session);
    expect(await pool.acquire()).toBe(session);
  });

  it('closes after everybody who had or awaited a session, and lends no more', async () => {
    const { pool, opened } = openPool(1);
    const session = await pool.acquire();
    const waiting = pool.acquire();
    const closing = pool.close();
    await expect(pool.acquire()).rejects.toThrow(DatabaseGoneError);
    pool.release(session);
    pool.release(await waiting);
    await closing;
    expect(opened.map(({ ended }) => ended)).toEqual([true]);
  });
});
