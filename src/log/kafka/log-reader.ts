import type { TopicName } from '../../contracts/topics.ts';
import type { Clock } from '../../effects/clock.ts';
import type { Logger } from '../../effects/telemetry.ts';
import { type LogRecord, LogUnavailableError, type TopicPartition } from '../event-log.ts';
import type { BrokerClient } from './broker-client.ts';
import { asUnavailable, BrokerFailure } from './broker-failure.ts';
import { type Cursor, isDone } from './cursor.ts';
import { decodeRecords } from './decode-records.ts';
import type { Offsets } from './offsets.ts';
import type { Answer, Arguments, FetchedPartition } from './protocol.ts';
import { type Limits, RecordQueue } from './record-queue.ts';
import type { KnownBroker, TopicDirectory } from './topic-directory.ts';

export interface ReaderOptions {
  readonly directory: TopicDirectory;
  readonly offsets: Offsets;
  readonly clock: Clock;
  readonly logger: Logger;
  /** A client of the reader's own: a fetch that waits holds up whatever shares its connection. */
  connect(): BrokerClient;
}

/** A fetch that finds nothing waits this long at the broker, which answers at once when something comes. */
const waitMs = 2_000;
/** For a reader with an end, everything it wants is there. */
const boundedWaitMs = 200;
const leastBytes = 1;
const mostBytes = 8_000_000;
/** What is asked for a record that is wanted: a broker sends whole batches, and one at least. */
const recordBytes = 32_000;
const readCommitted = 1;
/** Without a fetch session: each request names all it wants. */
const noSession = { id: 0, epoch: -1 };
const firstPauseMs = 100;
const longestPauseMs = 2_000;
/** Longer trouble ends the reading with an error: a broker that was killed is back by then. */
const patienceMs = 30_000;
/** Whoever reads a range is waited for. */
const boundedPatienceMs = 5_000;

/**
 * Reads partitions from their leaders: one fetch under way per broker, and no more ahead of the reader than one answer
 * beyond a batch. Short trouble (a broker that starts again, a leader that moves) is waited out.
 *
 * The broker refuses an offset outside its log, so nothing is passed over in silence.
 */
export class LogReader {
  readonly #options: ReaderOptions;
  readonly #cursors: Cursor[];
  readonly #limits: Limits;
  readonly #over = new AbortController();
  readonly #ended: AbortSignal;
  readonly #client: BrokerClient;
  readonly #topicIds = new Map<TopicName, string>();
  readonly #queue = new RecordQueue();
  readonly #fetching = new Map<number, readonly Cursor[]>();
  /** One after the other, of a reader with an end. */
  #emptyAnswers = 0;
  #failure: Error | undefined;
  #wake: () => void = () => undefined;

  constructor(options: ReaderOptions, cursors: readonly Cursor[], limits: Limits, ended: AbortSignal) {
    this.#options = options;
    this.#cursors = [...cursors];
    this.#limits = limits;
    this.#ended = AbortSignal.any([ended, this.#over.signal]);
    this.#client = options.connect();
  }

  /** Batches until the cursors are done or `ended` fires. */
  async *batches(): AsyncGenerator<readonly LogRecord[], void> {
    const end = () => this.#wake();
    this.#ended.addEventListener('abort', end);
    try {
      await this.#holdTopicIds();
      while (!this.#ended.aborted) {
        await this.#fetchAhead();
        const batch = this.#queue.take(this.#limits);
        if (batch.length > 0) yield batch;
        else if (this.#failure) throw this.#failure;
        else if (this.#fetching.size > 0 || this.#cursors.length === 0) await this.#arrival();
        else if (this.#cursors.every(isDone)) return;
      }
    } finally {
      this.#ended.removeEventListener('abort', end);
      this.#over.abort();
      this.#client.close();
    }
  }

  /** The topics as they are now: one that is made anew meanwhile is another one. */
  async #holdTopicIds(): Promise<void> {
    for (const { topic } of this.#cursors) {
      this.#topicIds.set(topic, (await this.#options.directory.topic(topic)).id);
    }
  }

  #arrival(): Promise<void> {
    return new Promise((resolve) => {
      this.#wake = resolve;
      if (this.#ended.aborted) resolve();
    });
  }

  /** Starts a fetch at every leader that has none under way, while there is room for what comes. */
  async #fetchAhead(): Promise<void> {
    if (this.#failure || this.#queue.bytes >= this.#limits.bytes) return;
    const { topics } = await this.#options.directory.known();
    const busy = new Set([...this.#fetching.values()].flat());
    const due = this.#cursors.filter((cursor) => !isDone(cursor) && !busy.has(cursor));
    const led = Map.groupBy(due, ({ topic, partition }) => topics.get(topic)?.leaders[partition]);
    for (const [leader, cursors] of led) {
      const node = leader?.node ?? -1;
      if (this.#fetching.has(node)) continue;
      this.#fetching.set(node, cursors);
      this.#fetchPatiently(leader, cursors)
        .catch((error: unknown) => {
          this.#failure ??= error instanceof Error ? error : new LogUnavailableError(String(error));
        })
        .finally(() => {
          this.#fetching.delete(node);
          this.#wake();
        });
    }
    // Brokers fill an answer in the order asked: the first one asked must not be the first one for ever.
    const [first] = this.#cursors.splice(0, 1);
    if (first) this.#cursors.push(first);
  }

  async #fetchPatiently(leader: KnownBroker | undefined, cursors: readonly Cursor[]): Promise<void> {
    const { clock, directory, logger } = this.#options;
    const patient = cursors.some(({ to }) => to === Infinity);
    const until = clock.monotonic() + (patient ? patienceMs : boundedPatienceMs);
    let broker = leader;
    for (let pauseMs = firstPauseMs; !this.#ended.aborted; pauseMs = Math.min(pauseMs * 2, longestPauseMs)) {
      // A partition that keeps failing brings its neighbours' records each time.
      if (this.#queue.bytes >= this.#limits.bytes) {
        await clock.sleep(pauseMs, this.#ended);
        continue;
      }
      try {
        if (!broker) throw new BrokerFailure(new Error('a partition has no leader'), false);
        return await this.#fetch(broker, cursors);
      } catch (error) {
        if (this.#ended.aborted) return;
        if (!(error instanceof BrokerFailure)) throw error;
        const unavailable = asUnavailable(error, 'the log cannot be read');
        if (clock.monotonic() > until) throw unavailable;
        // The server that hung may do so again: another one comes first now.
        if (!error.response) this.#client.reset();
        logger.debug({ err: unavailable, retryInMs: pauseMs }, 'a fetch failed; it is tried again');
        await clock.sleep(pauseMs, this.#ended);
        const asked = await directory.ask().catch((reason: unknown) => {
          if (clock.monotonic() > until) throw reason;
          return undefined;
        });
        this.#assertSameTopics(asked?.topics ?? new Map());
        const leaders = cursors.map(({ topic, partition }) => asked?.topics.get(topic)?.leaders[partition]);
        // Leaders may differ now: then the cursors are divided anew.
        if (new Set(leaders.map((each) => each?.node)).size > 1) return;
        if (asked) broker = leaders[0];
      }
    }
  }

  #assertSameTopics(topics: ReadonlyMap<TopicName, { readonly id: string; readonly name: string }>): void {
    for (const [topic, id] of this.#topicIds) {
      const now = topics.get(topic);
      if (now && now.id !== id)
        throw new LogUnavailableError(`the topic ${now.name} was deleted and made anew`);
    }
  }

  async #fetch(leader: KnownBroker, cursors: readonly Cursor[]): Promise<void> {
    const bounded = cursors.every(({ to }) => to !== Infinity);
    const bytes = Math.min(mostBytes, this.#limits.bytes, leastBytesOf(cursors));
    const { names } = this.#options.directory;
    const answer = await this.#client
      .callAs(
        'Fetch',
        leader,
        (version): Arguments<'Fetch'> => [
          bounded ? boundedWaitMs : waitMs,
          leastBytes,
          bytes,
          readCommitted,
          noSession.id,
          noSession.epoch,
          [...Map.groupBy(cursors, ({ topic }) => topic)].map(([topic, wanted]) => ({
            // Since version 13 a request names topics by their ids.
            topicId: version > 12 ? (this.#topicIds.get(topic) ?? '') : names[topic],
            partitions: wanted.map(({ partition, next }) => ({
              partition,
              currentLeaderEpoch: -1,
              fetchOffset: BigInt(next),
              lastFetchedEpoch: -1,
              partitionMaxBytes: bytes,
            })),
          })),
          [],
          '',
        ],
      )
      // One partition's refusal comes as an error, with the others' records in it.
      .catch((error: unknown) => {
        if (error instanceof BrokerFailure && error.response) {
          this.#take(error.response as Answer<'Fetch'>, cursors);
          return this.#refuse(error, cursors);
        }
        throw error;
      });
    if (answer) this.#take(answer, cursors);
  }

  #take(answer: Answer<'Fetch'>, cursors: readonly Cursor[]): void {
    if (this.#ended.aborted) return;
    for (const { cursor, fetched } of this.#fetched(answer, cursors)) {
      if (fetched.errorCode !== 0) continue;
      const before = cursor.next;
      decodeRecords(fetched, cursor, (record) => this.#queue.push(record));
      if (cursor.next > before) this.#emptyAnswers = 0;
      else if (cursor.to !== Infinity) this.#expectMore(cursor, fetched);
    }
    this.#wake();
  }

  /**
   * A reader with an end waits for a leader that was just elected and does not know yet how far the log goes, and for
   * a transaction that is still open: records of ours may lie behind it, and whoever reads a range notes its end as
   * known. Ending there would pass them over for ever. Markers, aborted records and what compaction left come as
   * batches without records, and move the cursor.
   */
  #expectMore(cursor: Cursor, { highWatermark, lastStableOffset }: FetchedPartition): void {
    this.#emptyAnswers += 1;
    if (this.#emptyAnswers <= boundedPatienceMs / boundedWaitMs) return;
    const isHidden = Number(highWatermark) >= cursor.to && Number(lastStableOffset) < cursor.to;
    const why = isHidden ? '; a transaction of another producer is open there' : '';
    throw new LogUnavailableError(
      `${cursor.topic}/${cursor.partition} gives no record from ${cursor.next} on, and goes to ${cursor.to}${why}`,
    );
  }

  async #refuse(failure: BrokerFailure, cursors: readonly Cursor[]): Promise<undefined> {
    if (failure.is('OFFSET_OUT_OF_RANGE')) {
      await this.#options.offsets.assertInside(
        cursors.map(({ topic, partition, next }) => ({ topic, partition, offset: next })),
      );
    }
    throw failure;
  }

  *#fetched(answer: Answer<'Fetch'>, cursors: readonly Cursor[]) {
    for (const { topicId, partitions } of answer.responses) {
      for (const fetched of partitions) {
        const cursor = cursors.find(
          (each) => each.partition === fetched.partitionIndex && this.#isTopic(each, topicId),
        );
        if (cursor) yield { cursor, fetched };
      }
    }
  }

  #isTopic({ topic }: TopicPartition, idOrName: string): boolean {
    return this.#topicIds.get(topic) === idOrName || this.#options.directory.names[topic] === idOrName;
  }
}

/** A reader of a few records need not be sent megabytes. */
const leastBytesOf = (cursors: readonly Cursor[]): number =>
  cursors.reduce((sum, { next, to }) => sum + (to - next) * recordBytes, 0);
