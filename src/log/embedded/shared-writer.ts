import type { Store } from './store.ts';

/** One caller's part of a shared transaction. */
export interface Write<T> {
  /** About how much it writes, to cut transactions by. */
  readonly bytes: number;
  /** Log records in it. */
  readonly records: number;
  /** Runs inside the transaction, without waiting for anything. */
  apply(): T;
}

/** A write that waits, and what its caller hears of it. */
interface Due {
  readonly bytes: number;
  readonly records: number;
  apply(): void;
  done(): void;
  failed(error: unknown): void;
}

/** A transaction blocks the event loop while it runs; this keeps it in the tens of milliseconds. */
const transactionBytes = 4_000_000;

/**
 * Collects the writes of one turn of the event loop and gives them one transaction, because the sync at its end
 * costs more than the rest. While a transaction runs, requests wait in their sockets; so the more there are,
 * the more share the next one.
 */
export class SharedWriter {
  readonly #store: Store;
  #due: Due[] = [];
  #scheduled = false;
  #transactions = 0;
  #records = 0;

  constructor(store: Store) {
    this.#store = store;
  }

  /** Resolves with what `apply` gave once it is durable. @throws LogUnavailableError */
  write<T>({ bytes, records, apply }: Write<T>): Promise<T> {
    return new Promise((resolve, reject) => {
      let result: () => T;
      this.#due.push({
        bytes,
        records,
        apply: () => {
          const applied = apply();
          result = () => applied;
        },
        done: () => resolve(result()),
        failed: reject,
      });
      this.#schedule();
    });
  }

  /** Transactions that appended, and what they appended. */
  stats(): { readonly transactions: number; readonly records: number } {
    return { transactions: this.#transactions, records: this.#records };
  }

  /** Writes everything that is due, now. */
  drain(): void {
    while (this.#due.length > 0) this.#write();
  }

  #schedule(): void {
    if (this.#scheduled) return;
    this.#scheduled = true;
    setImmediate(() => {
      this.#scheduled = false;
      this.#write();
      if (this.#due.length > 0) this.#schedule();
    });
  }

  #write(): void {
    const writes = this.#take();
    if (writes.length === 0) return;
    try {
      this.#store.transaction(() => {
        for (const write of writes) write.apply();
      });
    } catch (error) {
      for (const write of writes) write.failed(error);
      return;
    }
    const records = writes.reduce((sum, write) => sum + write.records, 0);
    if (records > 0) this.#transactions += 1;
    this.#records += records;
    for (const write of writes) write.done();
  }

  #take(): readonly Due[] {
    let bytes = 0;
    const over = this.#due.findIndex((write, index) => {
      bytes += write.bytes;
      return index > 0 && bytes > transactionBytes;
    });
    return this.#due.splice(0, over === -1 ? this.#due.length : over);
  }
}
