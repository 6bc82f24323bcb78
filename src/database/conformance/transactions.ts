import { randomUUID } from 'node:crypto';
import { sql } from 'kysely';
import { describe, expect, it } from 'vitest';
import type { Queries } from '../database.ts';
import type { Shared } from './harness.ts';

export const owe = (queries: Queries, topic: string, key: string) =>
  queries.insertInto('outbox').values({ topic, key, version: 1 }).execute();

export async function keysOf(queries: Queries, topic: string): Promise<string[]> {
  const rows = await queries
    .selectFrom('outbox')
    .select('key')
    .where('topic', '=', topic)
    .orderBy('key')
    .execute();
  return rows.map(({ key }) => key);
}

export function describeTransactions(shared: Shared): void {
  describe('a transaction', () => {
    it('is READ COMMITTED, whatever the default is', async () => {
      const { rows } = await shared().transaction((transaction) =>
        sql`select current_setting('transaction_isolation') as level`.execute(transaction),
      );
      expect(rows).toEqual([{ level: 'read committed' }]);
    });

    it('commits everything when its work resolves, with its result', async () => {
      const topic = randomUUID();
      const result = await shared().transaction(async (transaction) => {
        await owe(transaction, topic, 'a');
        await owe(transaction, topic, 'b');
        return 'done';
      });
      expect(result).toBe('done');
      expect(await keysOf(shared().queries, topic)).toEqual(['a', 'b']);
    });

    it('leaves nothing behind when its work rejects', async () => {
      const topic = randomUUID();
      const failure = new Error('the work failed');
      const running = shared().transaction(async (transaction) => {
        await owe(transaction, topic, 'a');
        throw failure;
      });
      await expect(running).rejects.toBe(failure);
      expect(await keysOf(shared().queries, topic)).toEqual([]);
    });

    it('rolls back when a statement fails, also when the work ignores that', async () => {
      const topic = randomUUID();
      const running = shared().transaction(async (transaction) => {
        await owe(transaction, topic, 'a');
        const refused = await sql`select 1 / 0`.execute(transaction).catch((error: unknown) => error);
        expect(refused).toMatchObject({ code: '22012' });
      });
      await expect(running).rejects.toThrow();
      expect(await keysOf(shared().queries, topic)).toEqual([]);
      await owe(shared().queries, topic, 'b');
      expect(await keysOf(shared().queries, topic)).toEqual(['b']);
    });

    it('never runs what was asked beside a statement that failed, neither inside nor after it', async () => {
      const topic = randomUUID();
      const beside = Array.from({ length: 6 }, (_, index) => `beside ${index}`);
      const asked: Promise<unknown>[] = [];
      const running = shared().transaction(async (transaction) => {
        asked.push(
          owe(transaction, topic, 'before'),
          sql`select 1 / 0`.execute(transaction),
          ...beside.map((key) => owe(transaction, topic, key)),
        );
        await Promise.all(asked);
      });
      await expect(running).rejects.toMatchObject({ code: '22012' });
      const outcomes = await Promise.allSettled(asked);
      expect(outcomes.map(({ status }) => status)).toEqual([
        'fulfilled',
        'rejected',
        ...beside.map(() => 'rejected'),
      ]);
      expect(await keysOf(shared().queries, topic)).toEqual([]);
    });

    it('refuses what is asked of the database, not of it, inside its work', async () => {
      const { queries } = shared();
      await shared().transaction(async (transaction) => {
        await expect(sql`select 1`.execute(queries)).rejects.toThrow('ask the transaction');
        await expect(shared().transaction(async () => 1)).rejects.toThrow('ask the transaction');
        await sql`select 1`.execute(transaction);
      });
      await sql`select 1`.execute(queries);
    });

    it('refuses what is asked of it once it has ended', async () => {
      const topic = randomUUID();
      const kept: Queries[] = [];
      await shared().transaction(async (transaction) => kept.push(transaction));
      const running = shared().transaction(async (transaction) => {
        kept.push(transaction);
        throw new Error('rolled back');
      });
      await expect(running).rejects.toThrow('rolled back');
      const late = kept.map((transaction) => owe(transaction, topic, 'late'));
      const outcomes = await Promise.allSettled(late);
      expect(outcomes.map(({ status }) => status)).toEqual(['rejected', 'rejected']);
      expect(await keysOf(shared().queries, topic)).toEqual([]);
    });

    it('keeps out the statements that others run while it is open', async () => {
      const topic = randomUUID();
      const { promise: written, resolve: hasWritten } = Promise.withResolvers<void>();
      const running = shared().transaction(async (transaction) => {
        await owe(transaction, topic, 'inside');
        hasWritten();
        await sql`select pg_sleep(0.05)`.execute(transaction);
        throw new Error('rolled back');
      });
      await written;
      const outside = ['b', 'c', 'd'].map((key) => owe(shared().queries, topic, key));
      await expect(running).rejects.toThrow('rolled back');
      await Promise.all(outside);
      expect(await keysOf(shared().queries, topic)).toEqual(['b', 'c', 'd']);
    });

    it('keeps many apart that are begun at once', async () => {
      const topic = randomUUID();
      const numbers = Array.from({ length: 40 }, (_, index) => index);
      const outcomes = await Promise.allSettled(
        numbers.map((number) =>
          shared().transaction(async (transaction) => {
            await owe(transaction, topic, `${number} a`);
            await owe(transaction, topic, `${number} b`);
            if (number % 2 === 1) throw new Error('odd');
          }),
        ),
      );
      expect(outcomes.filter(({ status }) => status === 'fulfilled')).toHaveLength(20);
      const kept = numbers
        .filter((number) => number % 2 === 0)
        .flatMap((number) => [`${number} a`, `${number} b`]);
      expect(new Set(await keysOf(shared().queries, topic))).toEqual(new Set(kept));
    });
  });
}
