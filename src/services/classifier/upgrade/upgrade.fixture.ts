import { sql } from 'kysely';
import { AnswerRefusedError, type Classifier, type Content } from '../../../classification/classifier.ts';
import type { Answer, Category } from '../../../contracts/classification.ts';
import { topics } from '../../../contracts/topics.ts';
import type { Database } from '../../../database/database.ts';
import { claimPositions } from '../../../database/positions.ts';
import { answerOf } from '../../../database/stored-issues.fixture.ts';
import { cacheKey, classifierName } from '../../../domain/cache-key.ts';
import { contentHash } from '../../../domain/content-hash.ts';
import { waitingForModel } from '../../../domain/degraded.ts';
import type { Effects } from '../../../effects/effects.ts';
import { effects } from '../../../effects/silent.fixture.ts';
import { CountingClassifier, group, openIntake, repositoryId, type Said } from '../intake.fixture.ts';
import { prepare } from '../prepare.ts';
import { Progress } from '../progress.ts';
import type { TakeInContext } from '../take-in.ts';
import { takeInBatch } from '../take-in-batch.ts';
import { Breaker } from './breaker.ts';
import { type Claimed, claimWork, firstTurns, type Work } from './claim-work.ts';
import { doWork, type Workplace } from './do-work.ts';
import { upgradeMetrics } from './upgrade-metrics.ts';

/** Counts what it is asked, by cache key, and does with a content what the test says. */
export class CountingModel implements Classifier {
  readonly name = 'test/model';
  readonly version = '1';
  readonly calls = new Map<string, number>();
  category: Category = 'feature';
  behaves: (content: Content, signal?: AbortSignal) => 'answers' | 'refuses' | 'fails' | Promise<Answer> =
    () => 'answers';

  async classify(contents: readonly Content[], signal?: AbortSignal): Promise<readonly Answer[]> {
    return Promise.all(contents.map((content) => this.#answer(content, signal)));
  }

  async close(): Promise<void> {
    await Promise.resolve();
  }

  keyOf(title: string, repository = repositoryId): string {
    return cacheKey(classifierName(this), repository, contentHash(title, 'It stops.'));
  }

  get total(): number {
    return [...this.calls.values()].reduce((sum, count) => sum + count, 0);
  }

  async #answer(content: Content, signal?: AbortSignal): Promise<Answer> {
    const { title, body, repositoryId: repository } = content;
    const key = cacheKey(classifierName(this), repository, contentHash(title, body));
    this.calls.set(key, (this.calls.get(key) ?? 0) + 1);
    const behaviour = await this.behaves(content, signal);
    if (behaviour === 'fails') throw new Error('the model is away');
    if (behaviour === 'refuses') throw new AnswerRefusedError('not this text');
    return behaviour === 'answers' ? answerOf(this.category, 'high', 0.9) : behaviour;
  }
}

/** A worker whose steps a test takes itself. */
export class HandWorker {
  readonly model: CountingModel;
  readonly sums = new Map<string, number>();
  readonly breaker: Breaker;
  mayAsk = true;
  knowsLog: () => Promise<boolean> = () => Promise.resolve(true);
  leaseMs = 60_000;
  limit = 8;
  readonly #database: Database;
  readonly #effects: Effects;
  readonly #stopping = new AbortController();

  constructor(database: Database, model: CountingModel, clock = effects.clock) {
    this.#database = database;
    this.model = model;
    const add = (name: string) => ({
      add: (amount = 1, labels = {}) => {
        const counted = [name, ...Object.values(labels)].join(' ');
        this.sums.set(counted, (this.sums.get(counted) ?? 0) + amount);
      },
    });
    this.#effects = { ...effects, clock, meter: { ...effects.meter, counter: add } };
    this.breaker = new Breaker(clock, () => undefined);
  }

  /** How many calls were begun again whose former outcome nobody knows. */
  get repeated(): number {
    return this.sums.get('dispatchai_model_calls_repeated_total') ?? 0;
  }

  async claim(): Promise<readonly Work[]> {
    const { work } = await this.claimed();
    return work;
  }

  claimed(): Promise<Claimed> {
    const classifier = classifierName(this.model);
    return claimWork(this.#database, {
      classifier,
      limit: this.limit,
      leaseMs: this.leaseMs,
      turns: firstTurns,
    });
  }

  async work(work: readonly Work[]): Promise<void> {
    await Promise.all(work.map((each) => doWork(this.#place, each)));
  }

  /** Claims and works until nothing is due. */
  async workAll(): Promise<void> {
    for (let claimed = await this.claim(); claimed.length > 0; claimed = await this.claim()) {
      await this.work(claimed);
    }
  }

  stop(): void {
    this.#stopping.abort();
  }

  get #place(): Workplace {
    const { model, breaker, leaseMs } = this;
    const deadline = this.#effects.clock.monotonic() + (leaseMs * 2) / 3;
    const metrics = upgradeMetrics(this.#effects.meter);
    return {
      ...{ database: this.#database, effects: this.#effects, model, breaker, metrics, deadline },
      mayAsk: () => Promise.resolve(this.mayAsk),
      knowsLog: () => this.knowsLog(),
      stopping: this.#stopping.signal,
    };
  }
}

/** A database with intake's transaction and a model, without a log. */
export async function openUpgrades() {
  const intake = await openIntake();
  const { database } = intake;
  const local = new CountingClassifier();
  let offset = 0;

  const upgrades = {
    ...intake,
    local,
    model: new CountingModel(),
    /** Takes events in as one batch, offered to the model. */
    take: (...all: Said[]): Promise<void> => upgrades.takeWith(true, ...all),
    takeWith: async (hasModel: boolean, ...all: Said[]): Promise<void> => {
      const { name, version } = upgrades.model;
      const context: TakeInContext = {
        consumer: group,
        classifier: local,
        model: hasModel ? { name, version, waiting: () => waitingForModel } : undefined,
        effects,
        retries: { delaysMs: [1_000], jitter: 0 },
      };
      const records = all.map((said) => {
        offset += 1;
        return { ...intake.say(said), partition: 0, offset: offset - 1, timestamp: 1 };
      });
      const positions = await claimPositions(database.queries, {
        consumer: group,
        owner: 'test',
        partitions: [{ topic: topics.raw, partition: 0, topicId: 'a topic', start: 0 }],
      });
      const result = await takeInBatch(
        database,
        context,
        await prepare({ database, classifier: local }, records),
        new Progress(positions),
      );
      if (result === 'fenced') throw new Error('fenced');
    },
    worker: (clock = effects.clock): HandWorker => new HandWorker(database, upgrades.model, clock),
    current: (number = 1, repository = repositoryId) =>
      database.queries
        .selectFrom('classifications as c')
        .innerJoin('issues as i', (join) =>
          join.onRef('i.repository_id', '=', 'c.repository_id').onRef('i.number', '=', 'c.number'),
        )
        .select(['c.source', 'c.degraded', 'c.category', 'c.confidence', 'c.priority', 'c.shown_source'])
        .select(['c.classifier', 'c.content_hash as answered', 'i.content_hash as content', 'i.version'])
        .where('i.repository_id', '=', repository)
        .where('i.number', '=', number)
        .executeTakeFirst(),
    tasks: () => database.queries.selectFrom('ai_tasks').selectAll().orderBy('number').execute(),
    calls: () => database.queries.selectFrom('ai_calls').selectAll().orderBy('cache_key').execute(),
    answers: () =>
      database.queries.selectFrom('ai_answers').select('cache_key').orderBy('cache_key').execute(),
    owed: async () => {
      const rows = await database.queries
        .selectFrom('outbox')
        .select(['key', 'version'])
        .where('topic', '=', topics.enriched)
        .orderBy('key')
        .execute();
      await sql`delete from outbox`.execute(database.queries);
      return rows;
    },
    /** All delays and leases are over now. */
    passTime: async () => {
      await sql`update ai_tasks set due_at = now() - interval '1 millisecond'`.execute(database.queries);
      await sql`update ai_calls set leased_until = now() - interval '1 millisecond'`.execute(
        database.queries,
      );
    },
    empty: async (): Promise<void> => {
      await intake.empty();
      await sql`truncate ai_answers, ai_tasks, ai_calls`.execute(database.queries);
      upgrades.model = new CountingModel();
      offset = 0;
    },
  };
  return upgrades;
}
