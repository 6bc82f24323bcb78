import type { Database } from '../database.ts';

export interface DatabaseUnderTest {
  readonly database: Database;
  /** Closes it and removes what it made. */
  [Symbol.asyncDispose](): Promise<void>;
}

/** What a driver brings to be tested. */
export interface DatabaseHarness {
  /** A database of its own without any table, or one with all migrations done. */
  open(contents: 'empty' | 'migrated'): Promise<DatabaseUnderTest>;
  /** Whether transactions run side by side, so that one can wait for another's locks. */
  readonly concurrentTransactions: boolean;
}

/** The database that the tests of one suite share. */
export type Shared = () => Database;
