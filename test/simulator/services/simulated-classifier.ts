import type { Classifier, Content } from '../../../src/classification/classifier.ts';
import { type Answer, categories } from '../../../src/contracts/classification.ts';
import { answerOf } from '../../../src/database/stored-issues.fixture.ts';
import { contentHash } from '../../../src/domain/content-hash.ts';
import type { SimulatedProcess } from '../engine/simulated-process.ts';

/** The model itself, which outlives every process that asks it. */
export class SimulatedModel {
  /** How often each content was answered, by repository and content hash. */
  readonly answered = new Map<string, number>();
  fails: () => boolean = () => false;

  ask(contents: readonly Content[]): readonly Answer[] {
    if (this.fails()) throw new Error('the model is away');
    return contents.map(({ repositoryId, title, body }) => {
      const hash = contentHash(title, body);
      const key = `${repositoryId}/${hash}`;
      this.answered.set(key, (this.answered.get(key) ?? 0) + 1);
      const category = categories[Number.parseInt(hash.slice(0, 2), 16) % categories.length];
      return answerOf(category);
    });
  }

  get total(): number {
    return [...this.answered.values()].reduce((sum, count) => sum + count, 0);
  }
}

/** One process' way to the model. */
export class SimulatedClassifier implements Classifier {
  readonly name = 'local';
  readonly version = 'simulated';
  readonly #process: SimulatedProcess;
  readonly #model: SimulatedModel;

  constructor(process: SimulatedProcess, model: SimulatedModel) {
    this.#process = process;
    this.#model = model;
  }

  async classify(contents: readonly Content[]): Promise<readonly Answer[]> {
    if (contents.length === 0) return [];
    return await this.#process.call(`classify ${contents.length}`, () => this.#model.ask(contents));
  }

  async close(): Promise<void> {
    await Promise.resolve();
  }
}
