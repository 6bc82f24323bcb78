import type { Clock } from '../../effects/clock.ts';
import type { Randomness } from '../../effects/randomness.ts';
import type { Logger } from '../../effects/telemetry.ts';
import type { EventLog } from '../event-log.ts';
import { declaredTopics, type Profile } from '../topic-configuration.ts';
import type { CleaningResult } from './clean.ts';
import { SqliteLog } from './sqlite-log.ts';
import { type DeclaredTopics, Store } from './store.ts';

export interface EmbeddedLogOptions {
  /** Path of the SQLite file; created when it is not there, with `-wal` beside it. */
  readonly file: string;
  readonly profile: Profile;
  readonly clock: Clock;
  readonly randomness: Randomness;
  readonly logger: Logger;
  /** Instead of the profile's topics, for tests. */
  readonly configuration?: DeclaredTopics;
}

export interface EmbeddedLog extends EventLog {
  /** Append transactions and records written since the log was opened. */
  stats(): { readonly transactions: number; readonly records: number };
  /**
   * One pass of retention and compaction over all partitions, in short steps; stops between two of them when
   * `signal` fires. Runs by itself every minute.
   */
  clean(signal?: AbortSignal): Promise<CleaningResult>;
}

/**
 * The event log in one SQLite file, for one process: whoever opens it second is refused.
 *
 * Kafka's segments have no counterpart. Retention takes records one by one from the front, so `segment.ms` and
 * `segment.bytes` have no effect (Kafka keeps a record up to a segment longer), and compaction reaches up to the
 * end. Freed pages are used again; the file itself does not shrink.
 */
export async function openEmbeddedLog(options: EmbeddedLogOptions): Promise<EmbeddedLog> {
  const configuration = options.configuration ?? declaredTopics(options.profile);
  const store = new Store(options.file, configuration, options.randomness);
  return new SqliteLog({ ...options, configuration }, store);
}
