import { parseKey } from '../../contracts/issue.ts';
import { lockIssueKeys } from '../../database/key-locks.ts';
import { checkLease } from '../../database/leases.ts';
import { owe } from '../../database/outbox.ts';
import { type HeldVersions, readHeldVersions, setVersions } from '../../database/sent-records.ts';
import { ownTopics } from '../../domain/followed-record.ts';
import type { Seen } from '../../domain/relay-seen.ts';
import { nextVersion } from '../../domain/version.ts';
import { LeaseLostError, type RelayContext } from './relay-context.ts';

const keysPerTransaction = 500;

/**
 * Owes keys of the relay's own topics again, because their last record there is not what the database holds. The
 * state gets a new version above everything a reader may have seen, so that nobody has to go back. A ledger row on
 * `issues.deletions` keeps its version: repeating it does no harm, and a version above a recreated issue's would.
 */
export async function oweAgain(context: RelayContext, seen: readonly Seen[]): Promise<void> {
  for (let from = 0; from < seen.length; from += keysPerTransaction) {
    await oweSomeAgain(context, seen.slice(from, from + keysPerTransaction));
  }
}

async function oweSomeAgain(
  { database, effects, lease }: RelayContext,
  seen: readonly Seen[],
): Promise<void> {
  const keyed = seen.flatMap((each) => {
    const key = parseKey(each.key);
    return key ? [{ ...each, ...key }] : [];
  });
  const highest = new Map(keyed.map((each) => [`${each.topic}\n${each.key}`, each.highest]));
  await database.transaction(async (transaction) => {
    if ((await checkLease(transaction, lease)) === 'lost') {
      throw new LeaseLostError('another relay was granted the lease');
    }
    await lockIssueKeys(transaction, keyed);
    const held = await readHeldVersions(transaction, keyed);
    const now = effects.clock.now();
    const owed = held.flatMap((each) => {
      const version = versionOwed(each, highest.get(`${each.topic}\n${each.key}`) ?? 0, now);
      return version === null ? [] : [{ ...each, version }];
    });
    await setVersions(
      transaction,
      owed
        .filter((each) => each.topic === 'issues.enriched')
        .map(({ repositoryId, number, version, issue }) => ({
          repositoryId,
          number,
          version,
          row: issue === null ? ('ledger' as const) : ('issue' as const),
        })),
    );
    await owe(
      transaction,
      owed.flatMap(({ topic, key, version, issue }) =>
        topic === 'issues.enriched' && issue === null
          ? // The ledger row has the new version too: its own topic stays a copy of it.
            ownTopics.map((each) => ({ topic: each, key, version }))
          : [{ topic, key, version }],
      ),
    );
  });
}

function versionOwed(held: HeldVersions, highest: number, now: number): number | null {
  if (held.topic !== 'issues.enriched') return held.ledger;
  if (held.issue === null && held.ledger === null) return null;
  return nextVersion([held.issue, held.ledger, highest], now);
}
