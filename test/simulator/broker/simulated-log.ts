import { type TopicName, topicNames } from '../../../src/contracts/topics.ts';
import {
  type EventLog,
  type Following,
  type LogRecord,
  LogUnavailableError,
  type NewRecord,
  type ReadRange,
  type TopicPartitionOffset,
} from '../../../src/log/event-log.ts';
import type { SimulatedProcess } from '../engine/simulated-process.ts';
import { type LogFaults, noLogFaults } from './log-faults.ts';
import type { SimulatedBroker } from './simulated-broker.ts';
import { SimulatedMembership } from './simulated-membership.ts';
import { readOn } from './simulated-reading.ts';

/** After so long the driver gives an append up, as the port promises. */
const settlesWithinMs = 1_500;

/** One process' connection to the broker: every promise of the port, with faults on the way. */
export class SimulatedLog implements EventLog {
  readonly process: SimulatedProcess;
  readonly broker: SimulatedBroker;
  readonly faults: LogFaults;
  readonly #memberships = new Map<SimulatedMembership, string>();
  readonly #closed = new AbortController();
  /** Appends under way: a connection keeps their order. */
  readonly #appending = new Set<object>();

  constructor(process: SimulatedProcess, broker: SimulatedBroker, faults: LogFaults = noLogFaults) {
    this.process = process;
    this.broker = broker;
    this.faults = faults;
  }

  /** How the names of this connection's group members begin. */
  get memberPrefix(): string {
    return `member of ${this.process.name}-`;
  }

  /** Why a request fails now, if it does. */
  failure(): Error | null {
    if (this.#closed.signal.aborted) return new LogUnavailableError('the log is closed');
    if (this.broker.away) return new LogUnavailableError('no broker can be reached');
    return this.faults.read() ? new LogUnavailableError('the connection was lost') : null;
  }

  async ask<Result>(name: string, effect: () => Result): Promise<Result> {
    return await this.process.call(name, () => {
      const failure = this.failure();
      if (failure) throw failure;
      return effect();
    });
  }

  async identity() {
    return await this.ask('identity', () => ({
      clusterId: this.broker.clusterId,
      topicIds: Object.fromEntries(topicNames.map((name) => [name, this.broker.topicId(name)])) as Record<
        TopicName,
        string
      >,
    }));
  }

  async partitions(topic: TopicName) {
    return await this.ask('partitions', () => this.broker.partitions(topic).length);
  }

  async append(records: readonly NewRecord[]): Promise<readonly TopicPartitionOffset[]> {
    if (this.#closed.signal.aborted) throw new LogUnavailableError('the log is closed');
    if (records.length === 0) return [];
    const send = { certain: false };
    this.#appending.add(send);
    const arrive = () => {
      this.#appending.delete(send);
      return this.#append(records, send);
    };
    const lateness = this.faults.lateness();
    const arrives = this.process.clock.monotonic() + lateness;
    const isInTime = lateness <= settlesWithinMs;
    const answered = this.process.call('append', arrive, {
      ...(lateness > 0 && { due: arrives }),
      when: () => lateness === 0 && this.#appending.values().next().value === send,
      dropped: () => this.#appending.delete(send),
      certain: () => {
        send.certain = isInTime;
      },
      describe: (places) =>
        places
          .map((place, index) => `${place.topic}/${place.partition}@${place.offset} ${name(records[index])}`)
          .join(' '),
    });
    if (isInTime) return await answered;
    // It is on its way all the same; nobody waits for what is answered then.
    answered.catch(() => undefined);
    await this.process.sleep(settlesWithinMs);
    // What comes next goes over another connection.
    this.#appending.delete(send);
    throw new LogUnavailableError('no answer in time');
  }

  #append(records: readonly NewRecord[], send: { certain: boolean }): readonly TopicPartitionOffset[] {
    const lost = new LogUnavailableError('the answer was lost');
    if (this.broker.away) throw new LogUnavailableError('no broker can be reached');
    switch (this.faults.append()) {
      case null:
        return this.broker.append(records, send);
      case 'refused':
        throw new LogUnavailableError('the connection was refused');
      case 'unacknowledged':
        this.broker.append(records, send);
        throw lost;
      case 'partial': {
        const key = records[0]?.key;
        this.broker.append(
          records.filter((record) => record.key === key),
          send,
        );
        throw lost;
      }
      case 'twice':
        // The first copy stays uncertain: its answer is the one that was lost.
        this.broker.append(records, { certain: false });
        return this.broker.append(records, send);
    }
  }

  async *read(range: ReadRange): AsyncGenerator<readonly LogRecord[], void> {
    const { topic, partition: number, from, batch = 500 } = range;
    const topicId = this.broker.topicId(topic);
    let next = from;
    let to = range.to ?? Number.POSITIVE_INFINITY;
    let first = true;
    do {
      const records = await this.ask(`read ${topic}/${number}@${next}`, () => {
        if (this.broker.topicId(topic) !== topicId) throw new Error(`${topic} was made anew`);
        const partition = this.broker.partition({ topic, partition: number });
        partition.assertInside(next);
        if (first) to = Math.min(to, partition.end);
        first = false;
        return partition.slice(next, to, { records: batch, bytes: 8_000_000 });
      });
      next = records.length > 0 ? records[records.length - 1]!.offset + 1 : to;
      if (records.length > 0) yield records;
    } while (next < to);
  }

  follow(_topic: TopicName, from: readonly TopicPartitionOffset[]): Following {
    let closed = false;
    const ended = () => closed || this.#closed.signal.aborted;
    const limits = () => ({ records: 500, bytes: 8_000_000 });
    const { process, broker } = this;
    const reading = readOn({ process, broker, positions: from, ended, limits, fails: () => this.failure() });
    return {
      [Symbol.asyncIterator]: () => reading,
      close: async () => {
        closed = true;
      },
    };
  }

  async join(group: string, topics: readonly TopicName[]) {
    const member = await this.ask('join group', () => {
      const name = this.broker.nextName(`member of ${this.process.name}`);
      this.broker.group(group).join(name, topics);
      return name;
    });
    const membership = new SimulatedMembership(this, group, member, topics);
    this.#memberships.set(membership, group);
    return membership;
  }

  async ranges(topic: TopicName) {
    return await this.ask('ranges', () => this.broker.ranges(topic));
  }

  async offsetsAt(topic: TopicName, timestamp: number) {
    return await this.ask('offsets at', () =>
      this.broker.partitions(topic).map(({ partition, records, end }) => {
        const offset = records.find((record) => record.timestamp >= timestamp)?.offset ?? end;
        return { topic, partition, offset };
      }),
    );
  }

  async groups() {
    return await this.ask('groups', () =>
      [...this.broker.groups].map(([name, group]) => group.describe(name)),
    );
  }

  async setGroupOffsets(group: string, offsets: readonly TopicPartitionOffset[]) {
    return await this.ask('set group offsets', () => {
      if (this.broker.group(group).members.length > 0) return 'active';
      this.broker.group(group).commit(offsets);
      return 'set';
    });
  }

  async configuration(topic: TopicName) {
    return await this.ask('configuration', () => this.broker.configuration(topic));
  }

  async trim(topic: TopicName, partition: number, before: number) {
    return await this.ask('trim', () => this.broker.partition({ topic, partition }).trim(before));
  }

  async close(): Promise<void> {
    this.#closed.abort();
    for (const [membership, group] of this.#memberships) {
      membership.end();
      this.broker.group(group).leave(membership.name);
    }
  }
}

function name(record: NewRecord | undefined): string {
  if (!record) return '';
  const { headers } = record;
  return `${record.key} ${headers.version ?? headers['delivery-id'] ?? ''}`;
}
