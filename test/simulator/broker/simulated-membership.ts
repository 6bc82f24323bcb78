import type { TopicName } from '../../../src/contracts/topics.ts';
import type { Generation, LogRecord, Membership, TopicPartition } from '../../../src/log/event-log.ts';
import type { SimulatedLog } from './simulated-log.ts';
import { readOn } from './simulated-reading.ts';

const defaultLimits = { records: 500, bytes: 8_000_000 };

/** One member of a group: joins again by itself when it was given up for dead, as Kafka's clients do. */
export class SimulatedMembership implements Membership {
  readonly name: string;
  readonly #log: SimulatedLog;
  readonly #group: string;
  readonly #topics: readonly TopicName[];
  #left = false;
  #lost: AbortController | null = null;
  #seen = 0;

  constructor(log: SimulatedLog, group: string, name: string, topics: readonly TopicName[]) {
    this.#log = log;
    this.#group = group;
    this.name = name;
    this.#topics = topics;
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<Generation, void> {
    while (!this.#left) {
      const held = await this.#next();
      if (held) yield this.#hold(held.id, held.partitions);
    }
  }

  async leave(): Promise<void> {
    if (this.#left) return;
    this.end();
    await this.#log.process.call('leave', () => this.#coordinator.leave(this.name));
  }

  /** Without telling the group: the log is closed. */
  end(): void {
    this.#left = true;
    this.#lost?.abort();
  }

  get #coordinator() {
    return this.#log.broker.group(this.#group);
  }

  #isCurrent(id: number): boolean {
    return !this.#left && this.#coordinator.generationOf(this.name) === id;
  }

  async #next() {
    const take = () => {
      if (this.#left) return null;
      if (this.#coordinator.generationOf(this.name) === 0) this.#coordinator.join(this.name, this.#topics);
      const id = this.#coordinator.generationOf(this.name);
      this.#seen = id;
      return { id, partitions: this.#coordinator.partitionsOf(this.name) };
    };
    const when = () => this.#left || !this.#isCurrent(this.#seen);
    const describe = (held: ReturnType<typeof take>) =>
      held ? `generation ${held.id} of ${held.partitions.map(({ partition }) => partition).join()}` : 'left';
    return await this.#log.process.call('join', take, { when, describe });
  }

  #hold(id: number, partitions: readonly TopicPartition[]): Generation {
    const lost = new AbortController();
    this.#lost = lost;
    if (this.#left) lost.abort();
    const { process, broker, faults } = this.#log;
    const isLost = () => !this.#isCurrent(id);
    const hearingMs = faults.hearing();
    const hear = () => void process.sleep(hearingMs).then(() => lost.abort());
    process.tell(`lost generation ${id}`, hearingMs > 0 ? hear : () => lost.abort(), isLost);
    const assertHeld = (places: readonly TopicPartition[]) => {
      const held = (place: TopicPartition) =>
        partitions.some((each) => each.topic === place.topic && each.partition === place.partition);
      const other = places.find((place) => !held(place));
      if (other) throw new Error(`this generation does not hold ${other.topic}/${other.partition}`);
    };
    return {
      id,
      member: this.name,
      partitions,
      lost: lost.signal,
      open: (positions, limits = {}): AsyncIterable<readonly LogRecord[]> => {
        assertHeld(positions);
        const ended = () => lost.signal.aborted || limits.signal?.aborted === true;
        const bounds = () => ({
          records: Math.min(limits.records ?? defaultLimits.records, faults.batch()),
          bytes: limits.bytes ?? defaultLimits.bytes,
        });
        return readOn({
          process,
          broker,
          positions,
          ended,
          limits: bounds,
          fails: () => this.#log.failure(),
        });
      },
      mirror: async (positions) => {
        assertHeld(positions);
        if (lost.signal.aborted) return 'lost';
        return await this.#log.ask('mirror', () => {
          if (isLost()) return 'lost';
          this.#coordinator.commit(positions);
          return 'mirrored';
        });
      },
      confirm: async () =>
        lost.signal.aborted ? 'lost' : await this.#log.ask('confirm', () => (isLost() ? 'lost' : 'held')),
    };
  }
}
