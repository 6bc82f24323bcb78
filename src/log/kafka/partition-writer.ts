import { setImmediate as turn } from 'node:timers/promises';
import type { MessageRecord } from '@platformatic/kafka';
import type { Clock } from '../../effects/clock.ts';
import { LogUnavailableError, RecordTooLargeError, type TopicPartition } from '../event-log.ts';
import { asUnavailable, BrokerFailure } from './broker-failure.ts';
import type { ProduceLane, Sending } from './produce-lane.ts';
import type { ProduceLanes } from './produce-lanes.ts';
import { sendBytes, takeSend } from './take-send.ts';
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
 */
export class PartitionWriter {
  readonly #place: TopicPartition;
  readonly #lanes: ProduceLanes;
  readonly #directory: TopicDirectory;
  readonly #clock: Clock;
  #due: DueRecord[] = [];
  #dueBytes = 0;
  #running: Promise<void> | undefined;
  #own: ProduceLane | undefined;

  constructor(place: TopicPartition, lanes: ProduceLanes, directory: TopicDirectory, clock: Clock) {
    this.#place = place;
    this.#lanes = lanes;
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
    this.#own?.close();
  }

  async #run(): Promise<void> {
    // Calls of one turn of the event loop share the first send; later ones find one under way and share the next.
    await turn();
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
    let last: Error | undefined;
    for (let pauseMs = firstPauseMs; ; pauseMs *= 2) {
      const leftMs = deadline - this.#clock.monotonic();
      if (leftMs < leastAttemptMs) {
        const error = last ?? new LogUnavailableError('the log is too slow to take more now');
        return { kind: 'unavailable', error };
      }
      const outcome = await this.#attempt(records, leftMs, pauseMs > firstPauseMs);
      if (outcome.kind !== 'again') return outcome;
      last = outcome.error;
      await this.#clock.sleep(Math.min(pauseMs, leftMs));
    }
  }

  async #attempt(records: readonly DueRecord[], ms: number, afresh: boolean): Promise<Outcome> {
    let sending: Sending | undefined;
    let over = false;
    const send = async () => {
      if (afresh) await this.#directory.ask();
      const leader = await this.#directory.leader(this.#place);
      // The answer came after the deadline: the records were rejected as not sent.
      if (over) throw new BrokerFailure(new Error(`${this.#name} found its leader too late`), false);
      if (!leader) throw new BrokerFailure(new Error(`${this.#name} has no leader`), false);
      sending = this.#lane(leader, records).send(
        leader,
        records.map(({ message }) => message),
      );
      return await sending.offset;
    };
    const sent = send();
    try {
      return { kind: 'written', offset: await within(this.#clock, ms, sent) };
    } catch (error) {
      if (error instanceof BrokerFailure) return this.#judge(error);
      over = true;
      sending?.withdraw();
      const uncertain = sending ? ', and it is not known whether it was written' : '';
      return {
        kind: 'unavailable',
        error: asUnavailable(error, `${this.#name} cannot be written${uncertain}`),
      };
    }
  }

  #judge(failure: BrokerFailure): Outcome {
    if (failure.is(...tooLarge)) {
      // A broker refuses a batch over `max.message.bytes` by the one, over `segment.bytes` by the other.
      const said = `${this.#name} takes no record as large as this: ${failure.message}`;
      return { kind: 'too-large', error: new RecordTooLargeError(said, { cause: failure }) };
    }
    const error = asUnavailable(failure, `${this.#name} cannot be written`);
    return { kind: !failure.sent || failure.is(...passing) ? 'again' : 'unavailable', error };
  }

  /** What fills a send alone takes its time: it goes its own way, and nobody shares its fate. */
  #lane(leader: KnownBroker, records: readonly DueRecord[]): ProduceLane {
    const bytes = records.reduce((sum, record) => sum + record.bytes, 0);
    if (bytes <= sendBytes) return this.#lanes.shared(leader);
    this.#own ??= this.#lanes.open();
    return this.#own;
  }

  get #name(): string {
    return `${this.#directory.names[this.#place.topic]}/${this.#place.partition}`;
  }
}
