import type { Clock } from '../effects/clock.ts';
import type { Randomness } from '../effects/randomness.ts';
import type { NewRecord } from '../log/event-log.ts';
import { readImportItem } from './import-item.ts';
import { jsonObjects, MalformedJsonError, type Place } from './import-json-objects.ts';
import { type SnapshotRepository, snapshotRecord } from './import-snapshot.ts';

/** Where an import goes: the log of a running server, or the files themselves. */
export interface ImportTarget {
  /** Resolves when the records are durable. */
  append(records: readonly NewRecord[]): Promise<unknown>;
  /** The largest lag of any partition of `issues.raw`: its end less the classifier's position. */
  lag(): Promise<number>;
  close(): Promise<void>;
}

export interface ImportProgress {
  readonly repository: string | null;
  /** Objects of the API's issue list, pull requests among them. */
  readonly read: number;
  readonly appended: number;
  /** Pull requests. */
  readonly skipped: number;
  /** Whether it waits for the classifier to catch up. */
  readonly waiting: boolean;
}

export type ImportOutcome =
  | { readonly kind: 'done'; readonly progress: ImportProgress }
  /** What came before is appended, and importing it again is harmless. */
  | {
      readonly kind: 'malformed';
      readonly progress: ImportProgress;
      readonly place: Place;
      readonly detail: string;
    }
  | { readonly kind: 'stopped'; readonly progress: ImportProgress };

export interface ImportOptions extends Pick<ImportTarget, 'append' | 'lag'> {
  readonly input: AsyncIterable<Uint8Array>;
  readonly clock: Clock;
  readonly randomness: Randomness;
  readonly onProgress: (progress: ImportProgress) => void;
  readonly signal?: AbortSignal;
}

/** A partition is first in, first out: more than this before it, and live work would wait for the import. */
const lagLimit = 100;
const batchRecords = 50;
const batchBytes = 512 * 1024;
/** GitHub's longest body, every character escaped, is well under it. */
const objectBytes = 4 * 1024 * 1024;
const shortestWaitMs = 20;
const longestWaitMs = 500;

/** Brings a repository's issues in, as snapshots through the same log as webhooks, behind live work. */
export async function importIssues(options: ImportOptions): Promise<ImportOutcome> {
  const run = new Import(options);
  try {
    for await (const { bytes, place } of jsonObjects(options.input, objectBytes)) {
      if (options.signal?.aborted) break;
      const detail = await run.take(bytes);
      if (detail !== null) return await run.malformed(place, detail);
    }
  } catch (error) {
    // Whoever stops an import also ends its input.
    if (options.signal?.aborted) return { kind: 'stopped', progress: run.progress };
    if (error instanceof MalformedJsonError) return await run.malformed(error.place, error.message);
    throw error;
  }
  if (options.signal?.aborted) return { kind: 'stopped', progress: run.progress };
  if (run.progress.repository === null) {
    return await run.malformed({ offset: 0, line: 1 }, 'the input has no repository: it is empty');
  }
  return await run.done();
}

class Import {
  readonly #options: ImportOptions;
  readonly #correlationId: string;
  #repository: SnapshotRepository | null = null;
  #batch: NewRecord[] = [];
  #bytes = 0;
  #read = 0;
  #appended = 0;
  #skipped = 0;
  #waiting = false;

  constructor(options: ImportOptions) {
    this.#options = options;
    this.#correlationId = options.randomness.uuid();
  }

  get progress(): ImportProgress {
    return {
      repository: this.#repository?.full_name ?? null,
      read: this.#read,
      appended: this.#appended,
      skipped: this.#skipped,
      waiting: this.#waiting,
    };
  }

  /** What is wrong with the object, or null. */
  async take(json: Buffer): Promise<string | null> {
    const item = readImportItem(json, this.#repository);
    if (item.kind === 'malformed') return item.detail;
    if (item.kind === 'repository') {
      this.#repository = item.repository;
      return null;
    }
    this.#read += 1;
    if (item.kind === 'pull-request') {
      this.#skipped += 1;
      return null;
    }
    const { issue, repository } = item;
    const receivedAt = this.#options.clock.now();
    const correlationId = this.#correlationId;
    this.#batch.push(snapshotRecord({ json, issue, repository, correlationId, receivedAt }));
    this.#bytes += json.length;
    if (this.#batch.length >= batchRecords || this.#bytes >= batchBytes) await this.#flush();
    return null;
  }

  async done(): Promise<ImportOutcome> {
    await this.#flush();
    const { progress } = this;
    return { kind: this.#options.signal?.aborted ? 'stopped' : 'done', progress };
  }

  async malformed(place: Place, detail: string): Promise<ImportOutcome> {
    await this.#flush();
    return { kind: 'malformed', progress: this.progress, place, detail };
  }

  async #flush(): Promise<void> {
    while (this.#batch.length > 0) {
      const room = await this.#room();
      if (room === 0) return;
      const records = this.#batch.splice(0, room);
      await this.#options.append(records);
      this.#appended += records.length;
      this.#options.onProgress(this.progress);
    }
    this.#bytes = 0;
  }

  /** How many records may be appended now; waits until there are some, and 0 when stopped. */
  async #room(): Promise<number> {
    const { lag, clock, onProgress, signal } = this.#options;
    for (let wait = shortestWaitMs; !signal?.aborted; wait = Math.min(wait * 2, longestWaitMs)) {
      const room = lagLimit - (await lag());
      this.#waiting = room <= 0;
      if (room > 0) return room;
      onProgress(this.progress);
      await clock.sleep(wait, signal);
    }
    return 0;
  }
}
