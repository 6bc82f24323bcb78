import { sql } from 'kysely';
import { describe, expect, it } from 'vitest';
import type { Queries } from '../database.ts';
import { lockIssueKeys } from '../key-locks.ts';
import type { DatabaseHarness, Shared } from './harness.ts';

const keysFrom = (count: number) =>
  Array.from({ length: count }, (_, index) => ({ repositoryId: -7, number: index + 1 }));

async function locksHeld(queries: Queries): Promise<number> {
  const { rows } = await sql<{ held: number }>`
    select count(*) as held from pg_locks
    where locktype = 'advisory' and granted and pid = pg_backend_pid()`.execute(queries);
  return rows[0]?.held ?? 0;
}

export function describeLocks(shared: Shared, harness: DatabaseHarness): void {
  describe('key locks', () => {
    it('are held for 500 issues until the transaction ends', async () => {
      await shared().transaction(async (transaction) => {
        await lockIssueKeys(transaction, keysFrom(500));
        // Locks of one number share an entry.
        expect(await locksHeld(transaction)).toBe(500);
      });
      expect(await locksHeld(shared().queries)).toBe(0);
    });

    it('take a key that is named twice once, and none for no keys', async () => {
      await shared().transaction(async (transaction) => {
        await lockIssueKeys(transaction, []);
        expect(await locksHeld(transaction)).toBe(0);
        await lockIssueKeys(transaction, [...keysFrom(2), ...keysFrom(3)]);
        expect(await locksHeld(transaction)).toBe(3);
      });
    });

    it('let two that want the same keys in opposite orders pass one after the other', async () => {
      const keys = keysFrom(100);
      const order: string[] = [];
      const run = (name: string, wanted: typeof keys) =>
        shared().transaction(async (transaction) => {
          await lockIssueKeys(transaction, wanted);
          order.push(name);
          await sql`select pg_sleep(0.02)`.execute(transaction);
          order.push(name);
        });
      await Promise.all([run('a', keys), run('b', keys.toReversed()), run('c', keys)]);
      expect(order).toHaveLength(6);
      for (const index of [0, 2, 4]) expect(order[index]).toBe(order[index + 1]);
    });

    // A driver with one session has nothing to show here: not a test that was left out.
    if (!harness.concurrentTransactions) return;
    it('leave others alone', async () => {
      const { promise: othersAreDone, resolve: othersDone } = Promise.withResolvers<void>();
      const { promise: locked, resolve: hasLocked } = Promise.withResolvers<void>();
      const holding = shared().transaction(async (first) => {
        await lockIssueKeys(first, keysFrom(3));
        hasLocked();
        await othersAreDone;
      });
      await locked;
      await shared().transaction((second) => lockIssueKeys(second, [{ repositoryId: -7, number: 4 }]));
      othersDone();
      await holding;
    });
  });
}
