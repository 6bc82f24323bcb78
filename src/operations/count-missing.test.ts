import { sql } from 'kysely';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { openScratchDatabase, type ScratchDatabase } from '../database/scratch-database.fixture.ts';
import { storeIssues } from '../database/stored-issues.fixture.ts';
import { systemClock } from '../effects/clock.ts';
import { countMissing } from './count-missing.ts';
import { deleteIssue } from './delete-issue.ts';

let scratch: ScratchDatabase;
beforeAll(async () => {
  scratch = await openScratchDatabase();
}, 60_000);
afterAll(() => scratch[Symbol.asyncDispose]());

const clock = systemClock;

test('counts applied issues that are neither here nor in the ledger, whatever the number of their events', async () => {
  const { database } = scratch;
  const { queries } = database;
  await storeIssues(database, [{ number: 1 }]);
  await deleteIssue(
    { database, clock },
    { key: { repositoryId: 1, number: 2 }, repository: 'acme/app', by: 'me' },
  );
  const event = (number: number, nth: number, status: string) => ({
    delivery_id: `${number}-${nth}`,
    repository_id: 1,
    number,
    event: 'issues',
    action: 'opened',
    rank: 1,
    received_at: new Date(),
    status: status as 'applied',
    origin: 'github' as const,
    correlation_id: 'c',
    topic: 'issues.raw',
    partition: 0,
    log_offset: nth,
    record_key: `1#${number}`,
  });
  const events = [1, 2, 3, 4].map((number) => event(number, 1, 'applied'));
  // Refused, failed and unchanged events never made an issue.
  events.push(event(5, 1, 'refused'), event(5, 2, 'failed'), event(3, 2, 'unchanged'));
  await queries.insertInto('events').values(events).execute();
  // More than a slice: the last key of one slice has events in the next.
  await sql`
    insert into events (delivery_id, repository_id, number, event, action, rank, received_at, status, origin,
                        correlation_id, topic, partition, log_offset, record_key)
    select 'many-' || n, 1, 6 + n / 4000, 'issues', 'edited', 2, now(),
           case n when 7999 then 'applied' else 'stale' end, 'github', 'c', 'issues.raw', 0, n, 'k'
      from generate_series(0, 7999) n`.execute(queries);
  const missing = await countMissing({ queries, clock });
  expect(missing).toMatchObject({ count: 3, sample: ['1#3', '1#4', '1#7'] });
  expect(missing.repair).not.toBeNull();
});
