import { AnswerRefusedError, type Classifier, type Content } from '../../../src/classification/classifier.ts';
import { type Answer, categories } from '../../../src/contracts/classification.ts';
import { answerOf } from '../../../src/database/stored-issues.fixture.ts';
import { cacheKey, classifierName } from '../../../src/domain/cache-key.ts';
import { contentHash } from '../../../src/domain/content-hash.ts';
import type { Random } from '../engine/random.ts';
import type { SimulatedProcess } from '../engine/simulated-process.ts';
import type { ModelCall } from '../workload/journal.ts';

const troubles = ['refuses', 'babbles', 'is away', 'hangs'] as const;
type Behaviour = (typeof troubles)[number] | 'answers';
const ends = {
  answers: 'answered',
  refuses: 'refused',
  babbles: 'refused',
  'is away': 'failed',
  hangs: 'answered',
} as const satisfies Record<Behaviour, ModelCall['end']>;

/** Longer than any lease of a call. */
const hangsMs = 10_000;

export interface RemoteModelOptions {
  readonly random: Random;
  readonly fails: () => boolean;
  /** Told of each call as it begins. */
  readonly called: (process: SimulatedProcess, cacheKey: string) => ModelCall;
}

/**
 * The language model itself, which outlives every process that asks it. It is slow, and a call costs whoever still
 * waits for its answer. No two answers are alike, so that a second one to a text would be noticed.
 */
export class SimulatedRemoteModel {
  readonly name = 'simulated/model';
  readonly version = '1';
  readonly called: RemoteModelOptions['called'];
  readonly #random: Random;
  readonly #fails: () => boolean;
  #answers = 0;

  constructor({ random, fails, called }: RemoteModelOptions) {
    this.#random = random;
    this.#fails = fails;
    this.called = called;
  }

  /** How it will take a call, and how long. */
  take(): { readonly behaviour: Behaviour; readonly ms: number } {
    const behaviour = this.#fails() ? this.#random.pick(troubles) : 'answers';
    return { behaviour, ms: behaviour === 'hangs' ? hangsMs : this.#random.between(20, 3_000) };
  }

  end(call: ModelCall, behaviour: Behaviour): readonly Answer[] {
    call.end = ends[behaviour];
    if (behaviour === 'is away') throw new Error('the model is away');
    if (behaviour === 'refuses') throw new AnswerRefusedError('not this text');
    if (behaviour === 'babbles') return [{ said: 'nothing of use' } as unknown as Answer];
    this.#answers += 1;
    return [answerOf(categories[this.#answers % categories.length])];
  }
}

/** One process' way to the model. */
export class SimulatedRemoteClassifier implements Classifier {
  readonly name: string;
  readonly version: string;
  readonly #process: SimulatedProcess;
  readonly #model: SimulatedRemoteModel;

  constructor(process: SimulatedProcess, model: SimulatedRemoteModel) {
    this.name = model.name;
    this.version = model.version;
    this.#process = process;
    this.#model = model;
  }

  async classify(contents: readonly Content[], signal?: AbortSignal): Promise<readonly Answer[]> {
    const [content, ...more] = contents;
    if (!content || more.length > 0) throw new Error('the model is asked about one content a call');
    const hash = contentHash(content.title, content.body);
    const key = cacheKey(classifierName(this), content.repositoryId, hash);
    const call = this.#model.called(this.#process, key);
    signal?.addEventListener('abort', () => {
      call.givenUp = true;
    });
    const { behaviour, ms } = this.#model.take();
    return await this.#process.call(`ask the model ${key}`, () => this.#model.end(call, behaviour), {
      due: this.#process.clock.monotonic() + ms,
      describe: () => behaviour,
    });
  }

  async close(): Promise<void> {
    await Promise.resolve();
  }
}
