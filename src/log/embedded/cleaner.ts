import type { Clock } from '../../effects/clock.ts';
import type { Logger } from '../../effects/telemetry.ts';
import { type CleaningResult, cleanPartition } from './clean.ts';
import { policyOf } from './cleanup-policy.ts';
import type { CommittedOffsets } from './committed-offsets.ts';
import type { DeclaredTopics, Store } from './store.ts';

const minute = 60_000;

interface Dependencies {
  readonly clock: Clock;
  readonly logger: Logger;
  readonly configuration: DeclaredTopics;
}

/** Runs retention and compaction over all partitions, every minute until it is stopped. */
export class Cleaner {
  readonly #dependencies: Dependencies;
  readonly #store: Store;
  readonly #committed: CommittedOffsets;
  readonly #stopping = new AbortController();
  /** The passes, one after the other: two at once would do each step twice. */
  #passes: Promise<unknown> = Promise.resolve();
  #loop: Promise<void> = Promise.resolve();

  constructor(dependencies: Dependencies, store: Store, committed: CommittedOffsets) {
    this.#dependencies = dependencies;
    this.#store = store;
    this.#committed = committed;
  }

  start(): void {
    this.#loop = this.#run();
  }

  async stop(): Promise<void> {
    this.#stopping.abort();
    await this.#loop;
    await this.#passes;
  }

  clean(signal?: AbortSignal): Promise<CleaningResult> {
    const stopping = this.#stopping.signal;
    const pass = this.#passes.then(() =>
      this.#pass(signal === undefined ? stopping : AbortSignal.any([signal, stopping])),
    );
    this.#passes = pass.catch(() => undefined);
    return pass;
  }

  async #run(): Promise<void> {
    const { clock, logger } = this.#dependencies;
    const { signal } = this.#stopping;
    while (!signal.aborted) {
      await clock.sleep(minute, signal);
      if (signal.aborted) return;
      try {
        const result = await this.clean();
        if (result.trimmed + result.compacted + result.tombstones > 0) {
          logger.debug(result, 'cleaned the log');
        }
      } catch (error) {
        logger.warn({ err: error }, 'cleaning the log failed; it is tried again in a minute');
      }
    }
  }

  async #pass(signal: AbortSignal): Promise<CleaningResult> {
    const { clock, configuration } = this.#dependencies;
    const total = { trimmed: 0, compacted: 0, tombstones: 0 };
    for (const partition of this.#store.partitions) {
      if (signal.aborted) break;
      const policy = policyOf(configuration[partition.topic].config);
      const step = { store: this.#store, partition, signal };
      const result = await cleanPartition(step, policy, clock.now(), () => this.#committed.lowest(partition));
      total.trimmed += result.trimmed;
      total.compacted += result.compacted;
      total.tombstones += result.tombstones;
    }
    return total;
  }
}
