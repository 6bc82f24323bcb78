import type { Answer } from '../../src/contracts/classification.ts';
import type { LogRecord, PartitionRange } from '../../src/log/event-log.ts';
import { type PreparedBatch, prepare } from '../../src/services/classifier/prepare.ts';
import type { Installation } from '../installation.ts';
import { benchIssue, benchRepositoryId } from '../payloads.ts';
import { insertAlone } from './insert-alone.ts';

export const stageNames = ['read', 'parse', 'model', 'insert'] as const;
export type StageName = (typeof stageNames)[number];

/** Issues per second of each. */
export type StageRates = Readonly<Record<StageName, number>>;

export interface StageRun {
  readonly name: StageName;
  /** Different for each that runs: the model meets no content twice, the database no key. */
  readonly run: number;
  /** What is read from the log. Parse and insert have what the last reading found. */
  readonly ranges: readonly PartitionRange[];
}

/** As many as intake takes. */
const batchSize = 250;

/** The stages of the way from the log into the database, each alone. */
export class Stages {
  readonly #installation: Installation;
  #batches: readonly (readonly LogRecord[])[] = [];
  #prepared: PreparedBatch[] = [];
  #answers: Answer[] = [];

  constructor(installation: Installation) {
    this.#installation = installation;
  }

  /** @returns how many issues went through, and the milliseconds that took */
  async measure({ name, run, ranges }: StageRun): Promise<{ readonly issues: number; readonly ms: number }> {
    const began = performance.now();
    if (name === 'read') await this.#read(ranges);
    if (name === 'parse') await this.#parse();
    if (name === 'insert') await this.#insert(run);
    const ms = name === 'model' ? await this.#classify(run) : performance.now() - began;
    return { issues: this.#batches.reduce((sum, batch) => sum + batch.length, 0), ms };
  }

  async #read(ranges: readonly PartitionRange[]): Promise<void> {
    const records: LogRecord[] = [];
    for (const { topic, partition, start, end } of ranges) {
      const reading = this.#installation.log.read({ topic, partition, from: start, to: end });
      for await (const batch of reading) records.push(...batch);
    }
    const count = Math.ceil(records.length / batchSize);
    this.#batches = Array.from({ length: count }, (_, n) =>
      records.slice(n * batchSize, (n + 1) * batchSize),
    );
  }

  async #parse(): Promise<void> {
    const { database, classifier } = this.#installation;
    const instant = { ...classifier, classify: async () => [] };
    this.#prepared = [];
    for (const batch of this.#batches) {
      this.#prepared.push(await prepare({ database, classifier: instant }, batch));
    }
  }

  /** Contents are made beforehand: what counts is the model. */
  async #classify(run: number): Promise<number> {
    const batches = this.#batches.map((batch, index) =>
      batch.map((_, n) => {
        const { title, body } = benchIssue(3_000_000 + run * 100_000 + index * batchSize + n);
        return { repositoryId: benchRepositoryId, repository: 'octo/harbor', title, body };
      }),
    );
    this.#answers = [];
    const began = performance.now();
    for (const batch of batches) this.#answers.push(...(await this.#installation.classifier.classify(batch)));
    return performance.now() - began;
  }

  async #insert(run: number): Promise<void> {
    for (const [index, batch] of this.#prepared.entries()) {
      const answers = this.#answers.slice(index * batchSize, (index + 1) * batchSize);
      await insertAlone(this.#installation.database, batch, answers, run);
    }
  }
}
