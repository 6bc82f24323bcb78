import { randomUUID } from 'node:crypto';
import { setImmediate } from 'node:timers/promises';
import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Clock } from '../effects/clock.ts';
import { silent as logger } from '../effects/silent.fixture.ts';
import type { Database } from './database.ts';
import { holdLease, type LeaseAnswer } from './hold-lease.ts';
import { acquireLease, checkLease } from './leases.ts';
import { openScratchDatabase, type ScratchDatabase } from './scratch-database.fixture.ts';

const termMs = 900;
/** Time stands still until a test lets the next sleeper wake; meanwhile the database answers as fast as it can. */
class SteppedClock implements Clock {
  time = 0;
  readonly #sleepers = new Set<{ due: number; wake: () => void }>();

  now(): number {
    return this.time;
  }

  monotonic(): number {
    return this.time;
  }

  sleep(ms: number, signal?: AbortSignal): Promise<void> {
    return new Promise((resolve) => {
      if (signal?.aborted) return resolve();
      const sleeper = { due: this.time + ms, wake: () => this.#sleepers.delete(sleeper) && resolve() };
      this.#sleepers.add(sleeper);
      signal?.addEventListener('abort', sleeper.wake, { once: true });
    });
  }

  /** Moves to when the next sleeper is due, if anybody sleeps. */
  step(): void {
    const [next] = [...this.#sleepers].sort((a, b) => a.due - b.due);
    if (next === undefined) return;
    this.time = Math.max(this.time, next.due);
    next.wake();
  }
}

describe('holdLease', { timeout: 30_000 }, () => {
  let scratch: ScratchDatabase;
  beforeAll(async () => {
    scratch = await openScratchDatabase();
  }, 30_000);
  afterAll(async () => {
    await scratch[Symbol.asyncDispose]();
  });

  function hold(name: string, database: Database = scratch.database) {
    const clock = new SteppedClock();
    const end = new AbortController();
    const answers: LeaseAnswer[] = [];
    const answered = (answer: LeaseAnswer) => answers.push(answer);
    const request = { name, holder: 'a', termMs, signal: end.signal, answered };
    const terms = holdLease(database, { clock, logger }, request);
    return { clock, end, terms, answers };
  }

  /** Steps the clock until the signal fires, each time after everything asked of the database was answered. */
  async function runUntil(signal: AbortSignal, clock: SteppedClock): Promise<void> {
    for (;;) {
      await setImmediate();
      await sql`select 1`.execute(scratch.database.queries);
      await setImmediate();
      if (signal.aborted) return;
      clock.step();
    }
  }

  async function nextTerm(terms: ReturnType<typeof holdLease>) {
    const { value } = await terms.next();
    if (value === undefined) throw new Error('no further term');
    return value;
  }

  const isHeld = (name: string, token: number) =>
    scratch.database.transaction((transaction) => checkLease(transaction, { name, token }));

  it('gives a term, ends it when somebody else was granted the lease, and waits for the next', async () => {
    const name = randomUUID();
    const { clock, end, terms, answers } = hold(name);
    const { token, lost } = await nextTerm(terms);
    expect(await isHeld(name, token)).toBe('held');
    await scratch.database.queries
      .updateTable('leases')
      .set({ token: token + 1, holder: 'b', expires_at: new Date(0) })
      .where('name', '=', name)
      .execute();
    await runUntil(lost, clock);
    // At the first renewal, not at the end of the term.
    expect(clock.time).toBe(termMs / 3);
    expect(answers).toEqual(['own', 'held']);
    const second = await nextTerm(terms);
    expect(second.token).toBeGreaterThan(token + 1);
    end.abort();
    expect(await terms.next()).toEqual({ done: true, value: undefined });
  });

  it('goes on for as long as it is renewed', async () => {
    const name = randomUUID();
    const { clock, end, terms } = hold(name);
    const { token, lost } = await nextTerm(terms);
    const enough = new AbortController();
    lost.addEventListener('abort', () => enough.abort());
    const stepping = runUntil(enough.signal, clock);
    await expect.poll(() => clock.time, { timeout: 20_000 }).toBeGreaterThan(termMs * 5);
    expect(lost.aborted).toBe(false);
    expect(await isHeld(name, token)).toBe('held');
    enough.abort();
    await stepping;
    end.abort();
    await terms.next();
  });

  it('says that a term is over as soon as its time is, though nothing had a turn to fire', async () => {
    const { clock, end, terms } = hold(randomUUID());
    const { lost, isOver } = await nextTerm(terms);
    clock.time = (termMs * 2) / 3 - 1;
    expect(isOver()).toBe(false);
    clock.time += 1;
    expect([isOver(), lost.aborted]).toEqual([true, false]);
    end.abort();
    await terms.next();
    expect(isOver()).toBe(true);
  });

  it('ends the term after two thirds of it when the database does not answer', async () => {
    const name = randomUUID();
    let down = false;
    const flaky: Database = {
      driver: 'pglite',
      get queries() {
        if (down) throw new Error('the connection is lost');
        return scratch.database.queries;
      },
      transaction: (work) => scratch.database.transaction(work),
      listen: (channel, wake) => scratch.database.listen(channel, wake),
      close: () => scratch.database.close(),
    };
    const { clock, end, terms, answers } = hold(name, flaky);
    const { token, lost } = await nextTerm(terms);
    down = true;
    await runUntil(lost, clock);
    expect(clock.time).toBe((termMs * 2) / 3);
    expect([...new Set(answers)]).toEqual(['own', 'none']);
    down = false;
    end.abort();
    expect(await terms.next()).toEqual({ done: true, value: undefined });
    expect((await acquireLease(scratch.database, { name, holder: 'b', termMs })).kind).toBe('granted');
    expect(await isHeld(name, token)).toBe('lost');
  });

  it.each([
    { renewals: 0, lostAt: (termMs * 2) / 3 },
    // Asked for at half of what was left of the first term.
    { renewals: 1, lostAt: 350 + (termMs * 2) / 3 },
  ])(
    'counts a term from before it was asked for, however long the answer took: $renewals renewed',
    async (slow) => {
      let answers = 0;
      const late: Database = {
        driver: 'pglite',
        get queries() {
          if (answers > slow.renewals) throw new Error('the connection is lost');
          answers += 1;
          clock.time += 100;
          return scratch.database.queries;
        },
        transaction: (work) => scratch.database.transaction(work),
        listen: (channel, wake) => scratch.database.listen(channel, wake),
        close: () => scratch.database.close(),
      };
      const { clock, end, terms } = hold(randomUUID(), late);
      const { lost } = await nextTerm(terms);
      await runUntil(lost, clock);
      expect(clock.time).toBe(slow.lostAt);
      end.abort();
      await terms.next();
    },
  );

  it('releases the lease when the loop is left, and when it is told to end', async () => {
    const name = randomUUID();
    for await (const { token } of hold(name).terms) {
      expect(await isHeld(name, token)).toBe('held');
      break;
    }
    const { end, terms } = hold(name);
    const { lost } = await nextTerm(terms);
    end.abort();
    await terms.next();
    expect(lost.aborted).toBe(true);
    expect((await acquireLease(scratch.database, { name, holder: 'b', termMs })).kind).toBe('granted');
  });
});
