import type { LogRecord } from '../event-log.ts';

export interface Limits {
  readonly records: number;
  readonly bytes: number;
}

export const defaultLimits: Limits = { records: 500, bytes: 8_000_000 };

/** Fetched records that wait to be handed out, in the order in which they came. */
export class RecordQueue {
  #records: LogRecord[] = [];
  #first = 0;
  #bytes = 0;

  /** Of the values. */
  get bytes(): number {
    return this.#bytes;
  }

  get length(): number {
    return this.#records.length - this.#first;
  }

  push(record: LogRecord): void {
    this.#records.push(record);
    this.#bytes += record.value?.length ?? 0;
  }

  /** A batch that ends once its values have the bytes of the limit, so it has one record at least. */
  take(limits: Limits): readonly LogRecord[] {
    const from = this.#first;
    let bytes = 0;
    while (
      this.#first < this.#records.length &&
      this.#first - from < limits.records &&
      bytes < limits.bytes
    ) {
      bytes += this.#records[this.#first]?.value?.length ?? 0;
      this.#first += 1;
    }
    const batch = this.#records.slice(from, this.#first);
    this.#bytes -= bytes;
    if (this.#first === this.#records.length) {
      this.#records = [];
      this.#first = 0;
    }
    return batch;
  }
}
