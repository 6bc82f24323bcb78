import { inject } from 'vitest';
import type { Database } from './database.ts';
import { openScratchDatabase as openEmbeddedScratch } from './pglite/scratch-database.fixture.ts';
import { openServedScratch } from './postgres/served-scratch.fixture.ts';

export interface ScratchDatabase {
  readonly database: Database;
  /** Closes it and removes it. */
  [Symbol.asyncDispose](): Promise<void>;
}

/**
 * For tests of what runs on any database: a fresh one with all migrations done, on the real server where the project
 * that runs the test provides one, else embedded.
 */
export function openScratchDatabase(): Promise<ScratchDatabase> {
  const server = inject('databaseUrl');
  return server ? openServedScratch(server) : openEmbeddedScratch();
}
