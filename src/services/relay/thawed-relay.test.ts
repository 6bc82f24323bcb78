import { sql } from 'kysely';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { topics } from '../../contracts/topics.ts';
import { owe } from '../../database/outbox.ts';
import { openScratchDatabase, type ScratchDatabase } from '../../database/scratch-database.fixture.ts';
import { storeIssues } from '../../database/stored-issues.fixture.ts';
import { effects } from '../../effects/silent.fixture.ts';
import { publishDeadLetters } from './publish-dead-letters.ts';
import { publishRound } from './publish-round.ts';
import { readOwnTopics } from './read-own-topics.ts';
import { grantLease, openRelayStores } from './relay.fixture.ts';
import { LeaseLostError, type RelayContext } from './relay-context.ts';

let scratch: ScratchDatabase;
beforeAll(async () => {
  scratch = await openScratchDatabase();
}, 60_000);
afterAll(() => scratch[Symbol.asyncDispose]());

test('a relay whose term is over by the clock sends nothing, though no signal has fired yet', async () => {
  await using stores = await openRelayStores(scratch);
  const { database, log } = stores;
  await storeIssues(database, [{ number: 1 }]);
  await sql`
    insert into events (delivery_id, event, action, rank, received_at, status, origin, correlation_id, topic, partition, log_offset,
      record_key, attempts)
    values ('dead', 'issues', 'opened', 1, now(), 'dead', 'github', '', 'issues.raw', 0, 0, '1#1', 4)`.execute(
    database.queries,
  );
  await owe(database.queries, [{ topic: topics.deadLetter, key: 'dead', version: 5 }]);
  let over = false;
  const context: RelayContext = {
    database,
    log,
    effects,
    group: 'dispatchai-classifier',
    lease: await grantLease(database, 'frozen'),
    lost: new AbortController().signal,
    isOver: () => over,
  };
  const knowledge = await readOwnTopics(context);
  over = true;
  await expect(publishRound(context, knowledge, 500)).rejects.toThrow(LeaseLostError);
  await expect(publishDeadLetters(context)).rejects.toThrow(LeaseLostError);
  for (const topic of [topics.enriched, topics.deadLetter]) expect(await stores.published(topic)).toEqual([]);
});
