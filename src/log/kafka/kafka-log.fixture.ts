import { randomUUID } from 'node:crypto';
import { Admin, Producer } from '@platformatic/kafka';
import { type TopicName, topicNames, topics } from '../../contracts/topics.ts';
import { effects } from '../../effects/silent.fixture.ts';
import { keysOf, type LogUnderTest } from '../conformance/harness.ts';
import type { EventLog, TopicPartition } from '../event-log.ts';
import type { TopicAdministration } from '../topic-administration.ts';
import { declaredTopics, type TopicConfiguration } from '../topic-configuration.ts';
import type { KafkaConnection } from './connection.ts';
import { openKafkaLog } from './open-kafka-log.ts';
import { openKafkaTopics } from './open-kafka-topics.ts';
import type { TopicNames } from './topic-directory.ts';

const clientId = 'kafka-log-test';

type TransactionEnd = 'commit' | 'abort';

/** A log on topics of its own on a broker that tests share. */
export class KafkaLogFixture implements LogUnderTest {
  readonly names: TopicNames;
  readonly connection: KafkaConnection;
  log!: EventLog;

  static async open(
    bootstrapServers: string,
    overrides: Partial<Record<TopicName, TopicConfiguration>> = {},
  ): Promise<KafkaLogFixture> {
    const fixture = new KafkaLogFixture(bootstrapServers);
    const declared = { ...declaredTopics('development'), ...overrides };
    await fixture.#withAdministration((administration) =>
      Promise.all(topicNames.map((topic) => administration.create(topic, declared[topic], 1))),
    );
    fixture.log = await fixture.another();
    return fixture;
  }

  private constructor(bootstrapServers: string) {
    const suffix = randomUUID().slice(0, 8);
    this.connection = { bootstrapServers: bootstrapServers.split(',') };
    this.names = Object.fromEntries(
      topicNames.map((topic) => [topic, `${topic}.${suffix}`]),
    ) as unknown as TopicNames;
  }

  /** A second log on the same topics, as another process would open it. */
  another(): Promise<EventLog> {
    return openKafkaLog({ connection: this.connection, clientId, topicNames: this.names, ...effects });
  }

  async reopen(): Promise<void> {
    await this.log.close();
    this.log = await this.another();
  }

  /** By two transactions that are aborted, each of which leaves its record and its marker. */
  async leaveGaps() {
    const [key = ''] = keysOf(0, 1);
    const place = { topic: topics.enriched, partition: 0 };
    const before = { topic: place.topic, key, value: Buffer.from('before'), headers: {} };
    await this.log.append([before]);
    await this.produceInTransactions(place, ['abort', 'commit', 'abort']);
    await this.log.append([{ ...before, value: Buffer.from('after') }]);
    return place;
  }

  /** One record a transaction, named after what becomes of it. */
  async produceInTransactions(place: TopicPartition, ends: readonly TransactionEnd[]): Promise<void> {
    const producer = this.#transactional();
    for (const end of ends) await (await this.#produce(producer, place, end))[end]();
    await producer.close();
  }

  /** A transaction with one record, open until it is ended. */
  async openTransaction(place: TopicPartition): Promise<(end: TransactionEnd) => Promise<void>> {
    const producer = this.#transactional();
    const transaction = await this.#produce(producer, place, 'open');
    return async (end) => {
      await transaction[end]();
      await producer.close();
    };
  }

  #transactional(): Producer {
    return new Producer({
      clientId,
      bootstrapBrokers: [...this.connection.bootstrapServers],
      idempotent: true,
      producerId: -1n,
      producerEpoch: -1,
      transactionalId: randomUUID(),
      retries: 500,
      retryDelay: 20,
    });
  }

  async #produce(producer: Producer, { topic, partition }: TopicPartition, name: string) {
    const transaction = await producer.beginTransaction();
    const bytes = Buffer.from(name);
    const messages = [{ topic: this.names[topic], partition, key: bytes, value: bytes }];
    await transaction.send({ messages, acks: -1 });
    return transaction;
  }

  async configure(topic: TopicName, config: Readonly<Record<string, string>>): Promise<void> {
    await this.#withAdministration((administration) => administration.configure(topic, config));
  }

  /** Resolves once the broker does not know it any more. */
  async remove(topic: TopicName): Promise<void> {
    const name = this.names[topic];
    await this.administer(async (admin) => {
      await admin.deleteTopics({ topics: [name] });
      let there = true;
      while (there) there = (await admin.listTopics()).includes(name);
    });
  }

  async makeAnew(topic: TopicName): Promise<void> {
    await this.remove(topic);
    await this.#withAdministration((administration) =>
      administration.create(topic, declaredTopics('development')[topic], 1),
    );
  }

  async administer<T>(work: (admin: Admin) => Promise<T>): Promise<T> {
    const admin = new Admin({ clientId, bootstrapBrokers: [...this.connection.bootstrapServers] });
    try {
      return await work(admin);
    } finally {
      await admin.close();
    }
  }

  async dispose(): Promise<void> {
    await this.log.close();
    await this.administer(async (admin) => {
      const there = await admin.listTopics();
      await admin.deleteTopics({ topics: Object.values(this.names).filter((name) => there.includes(name)) });
    });
  }

  async #withAdministration<T>(work: (administration: TopicAdministration) => Promise<T>): Promise<T> {
    const { connection, names: topicNames } = this;
    const administration = await openKafkaTopics({
      connection,
      clientId,
      topicNames,
      logger: effects.logger,
    });
    try {
      return await work(administration);
    } finally {
      await administration.close();
    }
  }
}
