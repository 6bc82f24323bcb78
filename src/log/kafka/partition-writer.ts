import type { MessageRecord } from '@platformatic/kafka';
import type { Clock } from '../../effects/clock.ts';
import { LogUnavailableError, RecordTooLargeError, type TopicPartition } from '../event-log.ts';
import type { BrokerClient } from './broker-client.ts';
import { asUnavailable, BrokerFailure } from './broker-failure.ts';
import { takeSend } from './take-send.ts';
import type { KnownBroker, TopicDirectory } from './topic-directory.ts';
import { within } from './within.ts';

/** A record that waits for its place in the partition. */
export interface DueRecord {
  readonly message: MessageRecord;
  readonly bytes: number;
  /** On the monotonic clock; settled by then, one way or the other. */
  readonly deadline: number;
  placed(offset: number): void;
  failed(error: Error): void;
}

type Outcome =
  | { readonly kind: 'written'; readonly offset: number }
  /** Nothing was written, and it is worth trying again. */
  | { readonly kind: 'again'; readonly error: Error }
  | { readonly kind: 'too-large'; readonly error: Error }
  /** The broker is away, or nobody knows whether it has written. */
  | { readonly kind: 'unavailable'; readonly error: Error };

const acksAll = -1;
/** How long a leader waits for its replicas. */
const replicationMs = 1_200;
/** What is left of a deadline must be worth an attempt: one that is cut short leaves everybody uncertain. */
const leastAttemptMs = 200;
const firstPauseMs = 50;

/** Refused before anything was written, for a reason that passes. */
const passing = [
  'NOT_LEADER_OR_FOLLOWER',
  'LEADER_NOT_AVAILABLE',
  'FENCED_LEADER_EPOCH',
  'UNKNOWN_LEADER_EPOCH',
  'UNKNOWN_TOPIC_OR_PARTITION',
  'NOT_ENOUGH_REPLICAS',
];
const tooLarge = ['MESSAGE_TOO_LARGE', 'RECORD_LIST_TOO_LARGE'];

/**
 * Writes one partition: one send at a time, so that the order of a key is that of the calls; what comes meanwhile
 * shares the next one. Only what was certainly not written is sent again: an idempotent producer would let the rest be
 * repeated too, but this client's holds one request in flight for all partitions and loses its sequence at the first
 * error. An uncertain send rejects, and a caller's repetition is a duplicate that readers know by its id.
 *
 * It has connections of its own: a send that hangs is ended by cutting them, and nobody else's with it.
 */
export class PartitionWriter {
  readonly #place: TopicPartition;
  readonly #client: BrokerClient;
  readonly #directory: TopicDirectory;
  readonly #clock: Clock;
  #due: DueRecord[] = [];
  #dueBytes = 0;
  #running: Promise<void> | undefined;

  constructor(place: TopicPartition, client: BrokerClient, directory: TopicDirectory, clock: Clock) {
    this.#place = place;
    this.#client = client;
    this.#directory = directory;
    this.#clock = clock;
  }

  /** Bytes that are sent before those of the next call. */
  get waitingBytes(): number {
    return this.#dueBytes;
  }

  write(records: readonly DueRecord[]): void {
    this.#due.push(...records);
    for (const { bytes } of records) this.#dueBytes += bytes;
    this.#running ??= this.#run();
  }

  /** Resolves once everything that was due is settled. */
  async close(): Promise<void> {
    await this.#running;
    this.#client.close();
  }

  async #run(): Promise<void> {
    while (this.#due.length > 0) {
      const records = takeSend(this.#due);
      await this.#send(records);
      for (const { bytes } of records) this.#dueBytes -= bytes;
    }
    this.#running = undefined;
  }

  async #send(records: readonly DueRecord[]): Promise<void> {
    const outcome = await this.#deliver(records);
    if (outcome.kind === 'written') {
      for (const [index, record] of records.entries()) record.placed(outcome.offset + index);
    } else if (outcome.kind === 'too-large' && records.length > 1) {
      // The topic takes less than a send holds: nothing of it was written.
      const half = Math.ceil(records.length / 2);
      await this.#send(records.slice(0, half));
      await this.#send(records.slice(half));
    } else {
      for (const record of records) record.failed(outcome.error);
      if (outcome.kind === 'too-large') return;
      // They would only wait out the same silence one after the other; none of them was sent.
      for (const record of this.#due.splice(0)) {
        this.#dueBytes -= record.bytes;
        record.failed(outcome.error);
      }
    }
  }

  async #deliver(records: readonly DueRecord[]): Promise<Exclude<Outcome, { kind: 'again' }>> {
    const deadline = Math.min(...records.map((record) => record.deadline));
    let last: Error = new LogUnavailableError('the log is too slow to take more now');
    for (let pauseMs = firstPauseMs; ; pauseMs *= 2) {
      const leftMs = deadline - this.#clock.monotonic();
      if (leftMs < leastAttemptMs) return { kind: 'unavailable', error: last };
      const outcome = await this.#attempt(records, leftMs, pauseMs > firstPauseMs);
      if (outcome.kind !== 'again') return outcome;
      last = outcome.error;
      await this.#clock.sleep(Math.min(pauseMs, leftMs));
    }
  }

  async #attempt(records: readonly DueRecord[], ms: number, afresh: boolean): Promise<Outcome> {
    let produced = false;
    const produce = async () => {
      if (afresh) await this.#directory.ask();
      const leader = await this.#directory.leader(this.#place);
      if (!leader) throw new BrokerFailure(new Error(`${this.#name} has no leader`), false);
      produced = true;
      return await this.#produce(leader, records);
    };
    try {
      return { kind: 'written', offset: await within(this.#clock, ms, produce()) };
    } catch (error) {
      if (error instanceof BrokerFailure) return this.#judge(error);
      this.#client.reset();
      const uncertain = produced ? ', and it is not known whether it was written' : '';
      return {
        kind: 'unavailable',
        error: asUnavailable(error, `${this.#name} cannot be written${uncertain}`),
      };
    }
  }

  #judge(failure: BrokerFailure): Outcome {
    if (failure.is(...tooLarge)) {
      return { kind: 'too-large', error: new RecordTooLargeError(failure.message, { cause: failure }) };
    }
    const error = asUnavailable(failure, `${this.#name} cannot be written`);
    return { kind: !failure.sent || failure.is(...passing) ? 'again' : 'unavailable', error };
  }

  async #produce(leader: KnownBroker, records: readonly DueRecord[]): Promise<number> {
    const messages = records.map(({ message }) => message);
    const answer = await this.#client.call('Produce', leader, acksAll, replicationMs, messages, {});
    const [place] = answer.responses.flatMap((each) => each.partitionResponses);
    if (!place) throw new LogUnavailableError(`${this.#name} was written without a place being named`);
    return Number(place.baseOffset);
  }

  get #name(): string {
    return `${this.#directory.names[this.#place.topic]}/${this.#place.partition}`;
  }
}
