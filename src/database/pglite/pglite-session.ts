import { extname } from 'node:path';
import { Worker } from 'node:worker_threads';
import { DatabaseGoneError, PostgresError } from '../database-error.ts';
import type {
  WorkerCommand,
  WorkerFailure,
  WorkerMessage,
  WorkerOptions,
  WorkerResult,
} from './worker-protocol.ts';

/** V8's young generation, capped: left alone it takes 150 MB more under batches of intake. */
const youngGenerationMb = 6;

interface Pending {
  resolve(result: WorkerResult): void;
  reject(error: Error): void;
}

export interface SessionTransaction {
  query(sql: string, parameters: readonly unknown[]): Promise<WorkerResult>;
}

const toError = (failure: WorkerFailure): Error =>
  failure.postgres ? new PostgresError(failure.message, failure.postgres) : new Error(failure.message);

/**
 * The one session of a PGlite that runs in a worker thread (it blocks its event loop while it works). Everything
 * takes its turn: nothing slips into a transaction that somebody else has open.
 */
export class PgliteSession {
  readonly #worker: Worker;
  readonly #pending = new Map<number, Pending>();
  readonly #listeners = new Map<string, Set<() => void>>();
  readonly #gone = new AbortController();
  readonly #ready = Promise.withResolvers<void>();
  #turn: Promise<unknown> = Promise.resolve();
  #nextId = 1;
  #closing: Promise<void> | undefined;

  private constructor(options: WorkerOptions) {
    const file = new URL(`./pglite-worker${extname(import.meta.url)}`, import.meta.url);
    this.#worker = new Worker(file, {
      workerData: options,
      resourceLimits: { maxYoungGenerationSizeMb: youngGenerationMb },
    });
    this.#worker.on('message', (message: WorkerMessage) => this.#receive(message));
    this.#worker.on('error', (error) => this.#end(error instanceof Error ? error : new Error(String(error))));
    this.#worker.on('exit', () => this.#end(new Error('its worker thread ended')));
  }

  /** Opens an existing data directory. Rejects when PostgreSQL cannot start in it. */
  static async open(options: WorkerOptions): Promise<PgliteSession> {
    const session = new PgliteSession(options);
    await session.#ready.promise;
    return session;
  }

  /** Fires once when the session ended, by `close` or by a failure; the reason is a DatabaseGoneError. */
  get gone(): AbortSignal {
    return this.#gone.signal;
  }

  /** How many statements were asked of it so far. */
  get statements(): number {
    return this.#nextId - 1;
  }

  query(sql: string, parameters: readonly unknown[]): Promise<WorkerResult> {
    return this.#exclusively(() => this.#request({ kind: 'query', sql, parameters }));
  }

  /**
   * Runs `work` in a READ COMMITTED transaction. Rolls back when it rejects, and when a statement failed and `work`
   * resolved all the same. What `work` asks after it has settled is refused: it would run, and commit, outside.
   */
  transaction<Result>(work: (transaction: SessionTransaction) => Promise<Result>): Promise<Result> {
    return this.#exclusively(async () => {
      // Not waited for: what `work` asks stands behind it in the worker's queue.
      const begun = this.#run('begin isolation level read committed');
      const over = new AbortController();
      const query = (sql: string, parameters: readonly unknown[]) =>
        over.signal.aborted
          ? Promise.reject(over.signal.reason)
          : this.#request({ kind: 'query', sql, parameters });
      let result: Result;
      try {
        [result] = await Promise.all([work({ query }), begun]);
        over.abort(new Error('the transaction has ended'));
      } catch (error) {
        over.abort(error);
        if (!this.#gone.signal.aborted) await this.#run('rollback');
        throw error;
      }
      const { command } = await this.#run('commit');
      if (command === 'COMMIT') return result;
      throw new PostgresError('the transaction was rolled back because one of its statements failed', {
        code: '25P02',
      });
    });
  }

  /** Calls `wake` after each commit of a transaction that notified `channel`. Returns how to stop. */
  async listen(channel: string, wake: () => void): Promise<() => Promise<void>> {
    if (!/^[a-z_]+$/.test(channel)) throw new TypeError(`not a channel name: ${channel}`);
    await this.query(`listen ${channel}`, []);
    // A listener of its own, so that one function may listen twice.
    const listener = () => wake();
    const listeners = this.#listeners.get(channel) ?? new Set();
    this.#listeners.set(channel, listeners.add(listener));
    return async () => {
      listeners.delete(listener);
      await this.#exclusively(async () => {
        if (listeners.size === 0 && !this.#gone.signal.aborted) await this.#run(`unlisten ${channel}`);
      });
    };
  }

  /** Reads every table and index once; rejects at the first that is damaged. Only when opened `verifiable`. */
  async verify(): Promise<void> {
    await this.#exclusively(() => this.#request({ kind: 'verify' }));
  }

  /** Waits for its turn, writes everything to the data files and ends the worker. */
  close(): Promise<void> {
    this.#closing ??= this.#close();
    return this.#closing;
  }

  async #close(): Promise<void> {
    if (this.#gone.signal.aborted) return;
    await this.#exclusively(async () => {
      await this.#run('checkpoint');
      await this.#request({ kind: 'close' });
      this.#end(new Error('it was closed'));
    });
    await this.#worker.terminate();
  }

  /** Stops the worker where it is, as a crash would. */
  async abandon(): Promise<void> {
    this.#end(new Error('it was abandoned'));
    await this.#worker.terminate();
  }

  #run(sql: string): Promise<WorkerResult> {
    return this.#request({ kind: 'query', sql, parameters: [] });
  }

  #exclusively<Result>(work: () => Promise<Result>): Promise<Result> {
    const turn = this.#turn.then(work);
    this.#turn = turn.catch(() => undefined);
    return turn;
  }

  #request(command: WorkerCommand): Promise<WorkerResult> {
    if (this.#gone.signal.aborted) return Promise.reject(this.#gone.signal.reason);
    const id = this.#nextId++;
    const { promise, resolve, reject } = Promise.withResolvers<WorkerResult>();
    this.#pending.set(id, { resolve, reject });
    try {
      this.#worker.postMessage({ ...command, id });
    } catch (error) {
      // A parameter that cannot be cloned to the worker.
      this.#pending.delete(id);
      reject(error instanceof Error ? error : new Error(String(error)));
    }
    return promise;
  }

  #receive(message: WorkerMessage): void {
    switch (message.kind) {
      case 'ready':
        this.#ready.resolve();
        return;
      case 'failed':
        this.#end(toError(message.failure));
        return;
      case 'notification':
        for (const wake of this.#listeners.get(message.channel) ?? []) wake();
        return;
      default: {
        const pending = this.#pending.get(message.id);
        this.#pending.delete(message.id);
        if (message.kind === 'result') pending?.resolve(message.result);
        else pending?.reject(toError(message.failure));
      }
    }
  }

  #end(cause: Error): void {
    if (this.#gone.signal.aborted) return;
    const error = new DatabaseGoneError(`the embedded database is gone: ${cause.message}`, { cause });
    this.#gone.abort(error);
    this.#ready.reject(error);
    for (const pending of this.#pending.values()) pending.reject(error);
    this.#pending.clear();
    this.#listeners.clear();
  }
}
