import { sql, type Transaction } from 'kysely';
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';
import { topics } from '../../contracts/topics.ts';
import { lockIssueKeys } from '../../database/key-locks.ts';
import { claimPositions } from '../../database/positions.ts';
import type { Tables } from '../../database/tables.ts';
import { effects } from '../../effects/silent.fixture.ts';
import { group, openIntake, repositoryId } from './intake.fixture.ts';
import { prepare } from './prepare.ts';
import { Progress } from './progress.ts';
import { retryFailure } from './retry-failure.ts';
import type { TakeInContext } from './take-in.ts';
import { takeInBatch } from './take-in-batch.ts';

let intake: Awaited<ReturnType<typeof openIntake>>;
beforeAll(async () => {
  intake = await openIntake();
});
afterEach(() => intake.empty());
afterAll(() => intake.close());

const at = (now: () => number): TakeInContext => ({
  consumer: group,
  classifier: intake.classifier,
  effects: { ...effects, clock: { ...effects.clock, now } },
  retries: { delaysMs: [1_000, 1_000], jitter: 0 },
});

/** Takes events in that say these things, at this time. */
async function take(context: TakeInContext, ...all: Parameters<typeof intake.say>[0][]) {
  const { database, classifier } = intake;
  const records = all.map((said, offset) => ({ ...intake.say(said), partition: 0, offset, timestamp: 1 }));
  const positions = await claimPositions(database.queries, {
    consumer: group,
    owner: 'test',
    partitions: [{ topic: topics.raw, partition: 0, topicId: 'a topic', start: 0 }],
  });
  const prepared = await prepare({ database, classifier }, records);
  return takeInBatch(database, context, prepared, new Progress(positions));
}

const attempts = async () =>
  (
    await intake.database.queries
      .selectFrom('events')
      .select(['status', 'attempts'])
      .orderBy('number')
      .execute()
  ).map(({ status, attempts }) => [status, attempts]);

/** Holds what `work` takes, in a session of its own, until it is told to let go. */
async function hold(work: (transaction: Transaction<Tables>) => Promise<unknown>) {
  const { promise: released, resolve: release } = Promise.withResolvers<void>();
  const { promise: held, resolve: holds } = Promise.withResolvers<void>();
  const done = intake.database.transaction(async (transaction) => {
    await work(transaction);
    holds();
    await released;
  });
  await held;
  return async () => {
    release();
    await done;
  };
}

const waiting = async () => {
  const { rows } = await sql<{ count: number }>`
    select count(*) as count from pg_locks where locktype = 'advisory' and not granted
       and database = (select oid from pg_database where datname = current_database())`.execute(
    intake.database.queries,
  );
  return rows[0]?.count;
};

it('two that retry at once try each failed event once', async () => {
  await intake.refuse(1, '23514');
  const numbers = Array.from({ length: 10 }, (_, n) => n + 1);
  await sql`alter table issues add constraint none check (number < 0)`.execute(intake.database.queries);
  await take(
    at(() => 0),
    ...numbers.map((number) => ({ delivery: `d${number}`, number })),
  );
  expect(await attempts()).toEqual(numbers.map(() => ['failed', 1]));
  const retryAll = async () => {
    let tried = 0;
    for (;;) {
      const retried = await retryFailure(
        intake.database,
        at(() => 1_500),
      );
      if (retried.kind === 'none') return tried;
      if (retried.kind === 'tried') tried += 1;
    }
  };
  const [one = 0, other = 0] = await Promise.all([retryAll(), retryAll()]);
  expect(await attempts()).toEqual(numbers.map(() => ['failed', 2]));
  expect(one + other).toBe(10);
  await sql`alter table issues drop constraint none`.execute(intake.database.queries);
});

it('a retry passes over an event that somebody else has in hand', async () => {
  await intake.refuse(1, '23514');
  await sql`alter table issues add constraint none check (number < 0)`.execute(intake.database.queries);
  await take(
    at(() => 0),
    { delivery: 'one', number: 1 },
  );
  await take(
    at(() => 1),
    { delivery: 'two', number: 2 },
  );
  const letGo = await hold((transaction) =>
    sql`select from events where delivery_id = 'one' for update`.execute(transaction),
  );
  expect(
    await retryFailure(
      intake.database,
      at(() => 1_500),
    ),
  ).toMatchObject({ status: 'failed' });
  await letGo();
  await sql`alter table issues drop constraint none`.execute(intake.database.queries);
  expect(await attempts()).toEqual([
    ['failed', 1],
    ['failed', 2],
  ]);
});

it('a retry does not wait for an issue that somebody works on, and that counts no try', async () => {
  await intake.refuse(1, '23514');
  await take(
    at(() => 0),
    { delivery: 'one', number: 1 },
  );
  await intake.accept();
  const letGo = await hold((transaction) => lockIssueKeys(transaction, [{ repositoryId, number: 1 }]));
  expect(
    await retryFailure(
      intake.database,
      at(() => 1_500),
    ),
  ).toEqual({ kind: 'postponed' });
  expect(
    await retryFailure(
      intake.database,
      at(() => 1_500),
    ),
  ).toEqual({ kind: 'none' });
  expect(await attempts()).toEqual([['failed', 1]]);
  await letGo();
  expect(
    await retryFailure(
      intake.database,
      at(() => 2_000),
    ),
  ).toMatchObject({ status: 'applied' });
});

it('a version is drawn under the issue’s lock, not before it was waited for', async () => {
  let now = 1_000;
  const letGo = await hold((transaction) => lockIssueKeys(transaction, [{ repositoryId, number: 1 }]));
  const taken = take(
    at(() => now),
    { delivery: 'one', number: 1 },
  );
  await expect.poll(waiting).toBe(1);
  now = 2_000;
  await letGo();
  await taken;
  expect((await intake.issue(1))?.version).toBe(2_000_000);
});
