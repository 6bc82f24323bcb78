import { sql } from 'kysely';
import { systemClock } from '../../effects/clock.ts';
import { silent } from '../../effects/silent.fixture.ts';
import { lockIssueKeys } from '../key-locks.ts';
import { openPostgres } from './open-postgres.ts';

// Locks an issue and tells its parent, who freezes it: while it works (idle in the transaction), or while it has
// asked for an answer too large for any buffer. Then it writes and commits, and exits with 0 if that succeeded.
const [, , url = '', how = ''] = process.argv;
const database = await openPostgres({
  url,
  schema: 'public',
  connections: 1,
  applicationName: 'dispatchai frozen',
  clock: systemClock,
  logger: silent,
});
const outcome = database.transaction(async (transaction) => {
  await lockIssueKeys(transaction, [{ repositoryId: 1, number: 1 }]);
  await transaction.insertInto('outbox').values({ topic: 'frozen', key: how, version: 1 }).execute();
  const frozen = new Promise((resolve) => process.once('message', resolve));
  process.send?.('locked');
  if (how === 'reading') {
    await sql`select repeat(n::text, 100000) from generate_series(1, 1000) as n`.execute(transaction);
  }
  await frozen;
});
const committed = await outcome.then(
  () => true,
  () => false,
);
await database.close();
process.exitCode = committed ? 0 : 3;
process.disconnect();
