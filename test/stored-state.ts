import { EnrichedRecord } from '../src/contracts/topics.ts';
import { readEmbeddedDatabase, readEmbeddedTopic } from './stored-embedded.ts';
import { readServedDatabase, readServedTopic } from './stored-served.ts';
import type { Stores } from './stores.ts';

/** Rows and records that a test's promises are about. */
export interface StoredDatabase {
  readonly events: readonly { readonly delivery_id: string; readonly status: string }[];
  readonly issues: readonly {
    readonly repository_id: number;
    readonly number: number;
    readonly title: string;
    readonly version: number;
  }[];
  /** The ledger. */
  readonly deletions: readonly {
    readonly repository_id: number;
    readonly number: number;
    readonly version: number;
  }[];
}

export interface StoredRecord {
  readonly key: string;
  readonly value: Uint8Array;
}

export interface StoredState extends StoredDatabase {
  /** Every record of `issues.enriched`, in order within each partition. */
  readonly feed: readonly { readonly key: string; readonly record: EnrichedRecord }[];
}

/** What a stopped server left behind, wherever it keeps it. */
export async function readStoredState(
  dataDirectory: string,
  { kafka, databaseUrl }: Pick<Stores, 'kafka' | 'databaseUrl'>,
): Promise<StoredState> {
  const database =
    databaseUrl === null ? await readEmbeddedDatabase(dataDirectory) : await readServedDatabase(databaseUrl);
  const records =
    kafka === null
      ? await readEmbeddedTopic(dataDirectory, 'issues.enriched')
      : await readServedTopic(kafka.bootstrapServers, 'issues.enriched');
  const feed = records.map(({ key, value }) => ({
    key,
    record: EnrichedRecord.parse(JSON.parse(Buffer.from(value).toString())),
  }));
  return { ...database, feed };
}
