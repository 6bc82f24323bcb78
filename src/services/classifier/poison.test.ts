import { sql } from 'kysely';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { openIntake } from './intake.fixture.ts';

let intake: Awaited<ReturnType<typeof openIntake>>;
beforeAll(async () => {
  intake = await openIntake();
});
afterAll(() => intake.close());

it('a poisonous event among a thousand delays none of them', async () => {
  const measure = async (poison: boolean) => {
    if (poison) await intake.refuse(500, '23514');
    const now = Date.now();
    const numbers = Array.from({ length: 1_000 }, (_, n) => n + 1);
    await intake.log.append(
      numbers.map((number) => intake.say({ delivery: `d${number}`, number, receivedAt: now })),
    );
    await intake.start();
    await intake.settled();
    const stored = await sql<{ p99: number; good: number; last: Date }>`
      select extract(epoch from percentile_disc(0.99) within group (order by processed_at - received_at))::float8 * 1000
               as p99,
             count(*) as good, max(processed_at) as last
        from events where status = 'applied'`.execute(intake.database.queries);
    const failed = await intake.database.queries
      .selectFrom('events')
      .select('next_try_at')
      .where('status', '=', 'failed')
      .execute();
    await intake.empty();
    return { ...stored.rows[0], failed };
  };
  const without = await measure(false);
  const withPoison = await measure(true);
  console.log(
    `p99 of 1,000 events at once, in ms: ${without.p99?.toFixed(0)} without a poisonous one, ${withPoison.p99?.toFixed(0)} with it`,
  );
  expect(without.good).toBe(1_000);
  expect(withPoison.good).toBe(999);
  expect(withPoison.failed).toHaveLength(1);
  expect(Number(withPoison.last)).toBeLessThan(Number(withPoison.failed[0]?.next_try_at));
}, 60_000);
