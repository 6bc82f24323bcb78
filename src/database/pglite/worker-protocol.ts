import type { PostgresErrorFields } from '../database-error.ts';

/** What the main thread hands to a new worker. */
export interface WorkerOptions {
  /** PostgreSQL's data directory; it exists. */
  readonly cluster: string;
  /** False leaves syncing to the operating system: for scratch databases only. */
  readonly durable: boolean;
  /** Loads what reading every page and index needs. */
  readonly verifiable: boolean;
}

export type WorkerCommand =
  /** Without parameters the text may hold several statements; the last one's result is answered. */
  | { readonly kind: 'query'; readonly sql: string; readonly parameters: readonly unknown[] }
  | { readonly kind: 'verify' }
  | { readonly kind: 'close' };

export type WorkerRequest = WorkerCommand & { readonly id: number };

export interface WorkerResult {
  readonly rows: readonly unknown[];
  readonly affectedRows: number | undefined;
  /** PostgreSQL's command tag without its count: a COMMIT that answers ROLLBACK has not committed. */
  readonly command: string | undefined;
}

export interface WorkerFailure {
  readonly message: string;
  /** Absent when it is no answer of PostgreSQL. */
  readonly postgres: PostgresErrorFields | undefined;
}

export type WorkerMessage =
  | { readonly kind: 'ready' }
  /** PostgreSQL cannot go on; the worker exits. */
  | { readonly kind: 'failed'; readonly failure: WorkerFailure }
  | { readonly kind: 'notification'; readonly channel: string }
  | { readonly kind: 'result'; readonly id: number; readonly result: WorkerResult }
  | { readonly kind: 'error'; readonly id: number; readonly failure: WorkerFailure };
