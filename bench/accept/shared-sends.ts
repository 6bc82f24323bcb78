import { type MessageToProduce, ProduceAcks, Producer } from '@platformatic/kafka';
import { partitionOf } from '../../src/log/murmur2.ts';

interface Waiting {
  readonly message: MessageToProduce<Buffer, Buffer, Buffer, Buffer>;
  readonly bytes: number;
  sent(): void;
  failed(error: unknown): void;
}

/** As the broker counts it, a batch is what one send has for one partition. */
const mostBytesOfPartition = 512 * 1024;

/**
 * The client's bare producer, shared: what comes while a send is under way goes together with the next one, with
 * acks=all. Without what the driver adds: deadlines, a judgement of errors, places of the records, topics made anew.
 */
export class SharedSends {
  readonly #producer: Producer<Buffer, Buffer, Buffer, Buffer>;
  readonly #topic: string;
  readonly #headers: Map<Buffer, Buffer>;
  readonly #waiting: Waiting[][];
  #sending = false;

  constructor(
    bootstrapServers: readonly string[],
    topic: { readonly name: string; readonly partitions: number },
    headers: Readonly<Record<string, string>>,
  ) {
    this.#producer = new Producer({ clientId: 'bench-floor', bootstrapBrokers: [...bootstrapServers] });
    this.#topic = topic.name;
    this.#headers = new Map(
      Object.entries(headers).map(([name, value]) => [Buffer.from(name), Buffer.from(value)]),
    );
    this.#waiting = Array.from({ length: topic.partitions }, () => []);
  }

  append(text: string, value: Buffer): Promise<void> {
    const key = Buffer.from(text);
    const partition = partitionOf(key, this.#waiting.length);
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    this.#waiting[partition]?.push({
      message: { topic: this.#topic, partition, key, value, headers: this.#headers },
      bytes: value.length,
      sent: resolve,
      failed: reject,
    });
    if (!this.#sending) {
      this.#sending = true;
      // Webhooks that end in one turn of the event loop share the first send.
      setImmediate(() => void this.#run());
    }
    return promise;
  }

  async close(): Promise<void> {
    await this.#producer.close();
  }

  async #run(): Promise<void> {
    for (let due = this.#take(); due.length > 0; due = this.#take()) {
      try {
        await this.#producer.send({ acks: ProduceAcks.ALL, messages: due.map(({ message }) => message) });
        for (const { sent } of due) sent();
      } catch (error) {
        for (const { failed } of due) failed(error);
      }
    }
    this.#sending = false;
  }

  #take(): Waiting[] {
    return this.#waiting.flatMap((waiting) => {
      let bytes = 0;
      const over = waiting.findIndex((each) => {
        bytes += each.bytes;
        return bytes > mostBytesOfPartition;
      });
      return waiting.splice(0, over === -1 ? waiting.length : Math.max(1, over));
    });
  }
}
