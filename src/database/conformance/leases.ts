import { randomUUID } from 'node:crypto';
import { sql } from 'kysely';
import { describe, expect, it } from 'vitest';
import type { Database } from '../database.ts';
import {
  acquireLease,
  checkLease,
  expireLeases,
  type LeaseOutcome,
  releaseLease,
  renewLease,
} from '../leases.ts';
import type { Shared } from './harness.ts';

const termMs = 60_000;

function granted(outcome: LeaseOutcome): number {
  if (outcome.kind !== 'granted') throw new Error(`held by ${outcome.by}`);
  return outcome.token;
}

/** As if the term had passed. */
const endTerm = (database: Database, name: string) =>
  database.queries
    .updateTable('leases')
    .set({ expires_at: sql<Date>`clock_timestamp() - interval '1 millisecond'` })
    .where('name', '=', name)
    .execute();

export function describeLeases(shared: Shared): void {
  describe('a lease', () => {
    it('is granted to one, and says who holds it for how long', async () => {
      const name = randomUUID();
      const asked = ['a', 'b', 'c'].map((holder) => acquireLease(shared(), { name, holder, termMs }));
      const outcomes = await Promise.all(asked);
      expect(outcomes.filter(({ kind }) => kind === 'granted')).toHaveLength(1);
      const refused = await acquireLease(shared(), { name, holder: 'd', termMs });
      expect(refused).toMatchObject({ kind: 'held', by: expect.stringMatching(/^[abc]$/) });
      expect(refused.kind === 'held' && refused.remainingMs).toBeGreaterThan(termMs / 2);
    });

    it('has a larger token also than one of a row that was lost', async () => {
      const name = randomUUID();
      const first = granted(await acquireLease(shared(), { name, holder: 'a', termMs }));
      await shared().queries.deleteFrom('leases').where('name', '=', name).execute();
      const second = granted(await acquireLease(shared(), { name, holder: 'a', termMs }));
      expect(second).toBeGreaterThan(first);
    });

    it('is taken over once expired or released, each time with a larger token', async () => {
      const name = randomUUID();
      const first = granted(await acquireLease(shared(), { name, holder: 'a', termMs }));
      await endTerm(shared(), name);
      const second = granted(await acquireLease(shared(), { name, holder: 'b', termMs }));
      await releaseLease(shared(), { name, token: second });
      const third = granted(await acquireLease(shared(), { name, holder: 'a', termMs }));
      await expireLeases(shared());
      const fourth = granted(await acquireLease(shared(), { name, holder: 'a', termMs }));
      const tokens = [first, second, third, fourth];
      expect(tokens).toEqual([...new Set(tokens)].sort((a, b) => a - b));
    });

    it('refuses a stale token, in a check, a renewal and a release', async () => {
      const name = randomUUID();
      const stale = granted(await acquireLease(shared(), { name, holder: 'a', termMs }));
      await endTerm(shared(), name);
      const token = granted(await acquireLease(shared(), { name, holder: 'b', termMs }));
      expect(await renewLease(shared(), { name, token: stale, termMs })).toBe('lost');
      await releaseLease(shared(), { name, token: stale });
      const checks = await shared().transaction(async (transaction) => [
        await checkLease(transaction, { name, token: stale }),
        await checkLease(transaction, { name, token }),
      ]);
      expect(checks).toEqual(['lost', 'held']);
      expect(await acquireLease(shared(), { name, holder: 'c', termMs })).toMatchObject({
        kind: 'held',
        by: 'b',
      });
    });

    it('begins its term anew when renewed, also when it had run out and nobody came', async () => {
      const name = randomUUID();
      const token = granted(await acquireLease(shared(), { name, holder: 'a', termMs: 1 }));
      await endTerm(shared(), name);
      expect(await renewLease(shared(), { name, token, termMs })).toBe('renewed');
      expect(await acquireLease(shared(), { name, holder: 'b', termMs })).toMatchObject({
        kind: 'held',
        by: 'a',
      });
    });
  });
}
