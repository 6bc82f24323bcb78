import { afterAll, beforeAll, describe } from 'vitest';
import { describeErrors } from './errors.ts';
import type { DatabaseHarness, DatabaseUnderTest } from './harness.ts';
import { describeLeases } from './leases.ts';
import { describeLocks } from './locks.ts';
import { describeMigrations } from './migrations.ts';
import { describeNotifications } from './notifications.ts';
import { describeTransactions } from './transactions.ts';
import { describeTypes } from './types.ts';

/** Every promise of the `Database` port as a test. A driver that passes can take another's place. */
export function describeDatabase(name: string, harness: DatabaseHarness): void {
  describe(`${name} keeps the database's promises`, { timeout: 60_000 }, () => {
    let opened: DatabaseUnderTest | undefined;
    beforeAll(async () => {
      opened = await harness.open('migrated');
    }, 60_000);
    afterAll(async () => {
      await opened?.[Symbol.asyncDispose]();
    });
    const shared = () => {
      if (opened === undefined) throw new Error('no database was opened');
      return opened.database;
    };
    describeMigrations(harness);
    describeTypes(shared);
    describeTransactions(shared);
    describeNotifications(shared);
    describeLocks(shared, harness);
    describeLeases(shared);
    describeErrors(shared);
  });
}
