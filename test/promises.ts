import { expect } from 'vitest';
import { Consistency } from '../src/contracts/health.ts';
import type { StoredState } from './stored-state.ts';
import { until } from './until.ts';

/** Resolves once everything in the log was taken in and everything that is owed was published. */
export async function settled(gatewayUrl: string, withinMs = 60_000): Promise<void> {
  let last = 'nothing answered';
  await until(
    async () => {
      const response = await fetch(`${gatewayUrl}/health/consistency`);
      last = await response.text();
      const { kafka_consumer_lag, outbox } = Consistency.parse(JSON.parse(last));
      return kafka_consumer_lag === 0 && outbox === 0;
    },
    { what: 'nothing waits any more', withinMs },
  ).catch((error: Error) => {
    throw new Error(`${error.message}: ${last}`, { cause: error });
  });
}

/** As many records as the relay sends at once: what one send whose answer was lost can repeat. */
export const recordsInASend = 500;

export interface Kept {
  readonly accepted: ReadonlySet<string>;
  /**
   * How many records may repeat a version: as many as one send holds, for each send whose answer was lost. None
   * unless the test made one lose it.
   */
  readonly repeatable?: number;
}

/** The promises of `docs/guarantees.md` that no fault may break, against what is stored. */
export function expectKept(stored: StoredState, { accepted, repeatable = 0 }: Kept): void {
  const deliveries = stored.events.map((event) => event.delivery_id);
  const known = new Set(deliveries);
  expect(known.size, 'no delivery is stored twice').toBe(deliveries.length);
  expect(
    [...accepted].filter((id) => !known.has(id)),
    'every accepted delivery is stored',
  ).toEqual([]);
  const bad = stored.events.filter(({ status }) => status === 'failed' || status === 'dead');
  expect(bad, 'no delivery failed').toEqual([]);

  const repeated = repeatedVersions(stored);
  expect(repeated, 'versions published again').toBeLessThanOrEqual(repeatable);

  const last = new Map(stored.feed.map(({ key, record }) => [key, record.version]));
  // An issue that was recreated has a ledger row too, below it.
  const current = new Map(
    [...stored.deletions, ...stored.issues].map((each) => [
      `${each.repository_id}#${each.number}`,
      each.version,
    ]),
  );
  expect(last, 'the last record of each issue is its newest version').toEqual(current);
}

/** How many records of `issues.enriched` have a version that an earlier one of their issue has. */
export function repeatedVersions(stored: StoredState): number {
  const published = stored.feed.map(({ key, record }) => `${key}@${record.version}`);
  return published.length - new Set(published).size;
}
