import type { Kysely, Transaction } from 'kysely';
import type { Tables } from './tables.ts';

export type Queries = Kysely<Tables> | Transaction<Tables>;

/** Channels of `notify`: wake-ups without content. What woke is looked up; a lost wake-up costs only time. */
export type Channel = 'outbox' | 'tasks';

/**
 * A PostgreSQL, embedded or served. `src/database/conformance/` states every promise as a test, and every driver
 * passes it.
 */
export interface Database {
  readonly driver: 'pglite' | 'postgres';
  /**
   * Single statements outside a transaction, each committed (embedded: on disk) when it resolves. int8 is read as
   * number, timestamptz as Date, jsonb parsed, bytea as Uint8Array. Not to be used inside a transaction's work.
   */
  readonly queries: Kysely<Tables>;
  /**
   * Runs `work` in one READ COMMITTED transaction: committed when it resolves, rolled back when it rejects. With
   * the embedded driver the commit is on disk when this resolves.
   * Nothing is retried here: the caller decides by `classifyDatabaseError` whether it was the world's fault.
   */
  transaction<Result>(work: (transaction: Transaction<Tables>) => Promise<Result>): Promise<Result>;
  /** Calls `wake` after a transaction that notified the channel has committed. Returns how to stop. */
  listen(channel: Channel, wake: () => void): Promise<() => Promise<void>>;
  /** Waits for what runs, writes everything to disk, and closes. */
  close(): Promise<void>;
}
