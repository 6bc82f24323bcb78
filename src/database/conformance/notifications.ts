import { sql } from 'kysely';
import { describe, expect, it } from 'vitest';
import type { Queries } from '../database.ts';
import type { Shared } from './harness.ts';

const notify = (queries: Queries, channel: string) => sql`select pg_notify(${channel}, '')`.execute(queries);

export function describeNotifications(shared: Shared): void {
  describe('listen', () => {
    it('wakes after the transaction that notified has committed, and not before', async () => {
      const woken: string[] = [];
      const { promise: awake, resolve: wake } = Promise.withResolvers<void>();
      const stop = await shared().listen('outbox', () => {
        woken.push('woken');
        wake();
      });
      await shared().transaction(async (transaction) => {
        await notify(transaction, 'outbox');
        await sql`select pg_sleep(0.02)`.execute(transaction);
        woken.push('committing');
      });
      await awake;
      await stop();
      expect(woken).toEqual(['committing', 'woken']);
    });

    it('does not wake for a transaction that rolled back, for another channel, or once stopped', async () => {
      const woken: string[] = [];
      const { promise: awake, resolve: wake } = Promise.withResolvers<void>();
      const stopFirst = await shared().listen('outbox', () => woken.push('first'));
      const stopSecond = await shared().listen('outbox', () => {
        woken.push('second');
        wake();
      });
      const running = shared().transaction(async (transaction) => {
        await notify(transaction, 'outbox');
        throw new Error('rolled back');
      });
      await expect(running).rejects.toThrow('rolled back');
      await notify(shared().queries, 'tasks');
      await stopFirst();
      expect(woken).toEqual([]);
      await notify(shared().queries, 'outbox');
      await awake;
      await stopSecond();
      await notify(shared().queries, 'outbox');
      expect(woken).toEqual(['second']);
    });
  });
}
