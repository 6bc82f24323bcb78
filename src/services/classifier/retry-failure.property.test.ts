import fc from 'fast-check';
import { sql } from 'kysely';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { topics } from '../../contracts/topics.ts';
import { claimPositions } from '../../database/positions.ts';
import { effects } from '../../effects/silent.fixture.ts';
import { group, openIntake, repositoryId, type Said } from './intake.fixture.ts';
import { prepare } from './prepare.ts';
import { Progress } from './progress.ts';
import { retryFailure } from './retry-failure.ts';
import { takeInBatch } from './take-in-batch.ts';

let intake: Awaited<ReturnType<typeof openIntake>>;
beforeAll(async () => {
  intake = await openIntake();
  await sql`create table poison (delivery_id text primary key)`.execute(intake.database.queries);
  await sql
    .raw(`
      create function refuse_poison() returns trigger language plpgsql as $$ begin
        if new.status not in ('failed', 'dead') and exists (select from poison where delivery_id = new.delivery_id)
        then raise exception 'poison' using errcode = '22023'; end if;
        return new;
      end $$;
      create trigger refuse_poison before insert or update on events for each row execute function refuse_poison()`)
    .execute(intake.database.queries);
});
afterAll(() => intake.close());

/** What may happen to an issue; several share a second. */
const happening: fc.Arbitrary<Said> = fc.oneof(
  fc.record({
    action: fc.constantFrom('labeled', 'unlabeled'),
    payload: fc.constantFrom('a', 'b').map((name) => ({ label: { name } })),
  }),
  fc.record({
    action: fc.constant('edited'),
    title: fc.constantFrom('One', 'Two', 'Three'),
    payload: fc.constantFrom('One', 'Two', 'Three').map((from) => ({ changes: { title: { from } } })),
  }),
  fc.record({ action: fc.constantFrom('pinned', 'unpinned') }),
  fc.record({ action: fc.constant('closed'), issue: fc.constant({ state: 'closed' }) }),
  fc.record({
    event: fc.constant('issue_comment' as const),
    action: fc.constantFrom('created', 'deleted'),
    issue: fc.nat(3).map((comments) => ({ comments })),
  }),
);
const second = fc.nat(2).map((n) => `2026-03-01T12:00:0${n}Z`);
const happenings = fc.array(fc.record({ said: happening, updatedAt: second, poison: fc.boolean() }), {
  minLength: 2,
  maxLength: 8,
});
const steps = fc.array(fc.constantFrom('batch', 'heal', 'retry'), { maxLength: 12 });

let issues = 0;

/** The events of a new issue, in this order and batches; failing ones are healed and tried again as the steps say. */
async function live(all: readonly (Said & { readonly poison: boolean })[], schedule: readonly string[]) {
  const { database, classifier } = intake;
  issues += 1;
  const number = issues;
  const records = all.map((said, offset) => ({
    ...intake.say({ ...said, number, delivery: `${number}-${said.delivery}` }),
    partition: 0,
    offset,
    timestamp: 1,
  }));
  await sql`truncate poison, positions`.execute(database.queries);
  const poisonous = all.flatMap((said) => (said.poison ? [`${number}-${said.delivery}`] : []));
  for (const id of poisonous) await sql`insert into poison values (${id})`.execute(database.queries);
  const [position] = await claimPositions(database.queries, {
    consumer: group,
    owner: 'test',
    partitions: [{ topic: topics.raw, partition: 0, topicId: 'a topic', start: 0 }],
  });
  if (!position) throw new Error('a claim gives its position');
  const progress = new Progress([position]);
  let now = 1_800_000_000_000;
  const clock = { ...effects.clock, now: () => now };
  const retries = { delaysMs: [1, ...Array.from({ length: 50 }, () => 1)] as const, jitter: 0 };
  const context = { consumer: group, classifier, effects: { ...effects, clock }, retries };

  const step = {
    batch: async (size: number) => {
      const batch = records.splice(0, size);
      if (batch.length === 0) return;
      const prepared = await prepare({ database, classifier }, batch);
      expect(await takeInBatch(database, context, prepared, progress)).not.toBe('fenced');
    },
    heal: async () => {
      await sql`delete from poison where delivery_id = ${poisonous.shift() ?? ''}`.execute(database.queries);
    },
    retry: async () => {
      now += 10;
      return (await retryFailure(database, context)).kind;
    },
  };
  for (const name of schedule) {
    if (name === 'batch') await step.batch(2);
    if (name === 'heal') await step.heal();
    if (name === 'retry') await step.retry();
  }
  await step.batch(records.length);
  while (poisonous.length > 0) await step.heal();
  while ((await step.retry()) !== 'none');
  const row = await database.queries
    .selectFrom('issues')
    .selectAll()
    .where('repository_id', '=', repositoryId)
    .where('number', '=', number)
    .executeTakeFirstOrThrow();
  const { version: _, number: __, url: ___, guards, ...state } = row;
  return { ...state, guards: JSON.parse(JSON.stringify(guards).replaceAll(`${number}-`, '')) };
}

it('gives one state, whichever events fail, and whenever they are healed and tried again', async () => {
  const property = fc.asyncProperty(
    happenings.chain((all) =>
      fc.record({
        all: fc.constant(
          all.map(({ said, ...rest }, index) => ({
            ...said,
            ...rest,
            delivery: `d${index}`,
            receivedAt: 1_000 + index,
          })),
        ),
        order: fc.shuffledSubarray([...all.keys()], { minLength: all.length }),
      }),
    ),
    steps,
    async ({ all, order }, schedule) => {
      const arrived = order.flatMap((index) => all[index] ?? []);
      const failing = await live(arrived, schedule);
      expect(failing).toEqual(
        await live(
          all.map((said) => ({ ...said, poison: false })),
          [],
        ),
      );
    },
  );
  await fc.assert(property, { numRuns: 30 });
}, 120_000);
