import type { Clock } from '../../effects/clock.ts';
import type { Randomness } from '../../effects/randomness.ts';
import type { Logger } from '../../effects/telemetry.ts';
import type { EventLog } from '../event-log.ts';
import { LogUnavailableError } from '../event-log.ts';
import { BrokerClient } from './broker-client.ts';
import type { ClientTimeouts, KafkaConnection } from './connection.ts';
import { KafkaLog } from './kafka-log.ts';
import { TopicDirectory, type TopicNames } from './topic-directory.ts';

export interface KafkaLogSettings {
  readonly connection: KafkaConnection;
  /** What the brokers' logs and metrics call this process. */
  readonly clientId: string;
  /** The brokers' names of the topics: a branch's output topics carry its name. */
  readonly topicNames: TopicNames;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly randomness: Randomness;
}

/** A broker that hangs is not waited for long: the next question goes to another one. */
export const topicsTimeouts = { connect: 3_000, request: 3_000 } as const satisfies ClientTimeouts;

/** Writers bound each send by a deadline of their own, and groups each exchange. */
const timeouts = {
  topics: topicsTimeouts,
  ask: { connect: 2_000, request: 10_000 },
  write: { connect: 1_000, request: 30_000 },
  read: { connect: 2_000, request: 20_000 },
  group: { connect: 2_000, request: 30_000 },
} as const satisfies Record<string, ClientTimeouts>;

/**
 * The event log on Kafka or Redpanda. The topics have to exist: they are made by `openKafkaTopics`.
 * @throws LogUnavailableError when no broker answers, or a topic is missing
 */
export async function openKafkaLog(settings: KafkaLogSettings): Promise<EventLog> {
  const { connection, clientId, topicNames, clock, logger } = settings;
  const connect = (purpose: keyof typeof timeouts) =>
    new BrokerClient(connection, clientId, timeouts[purpose]);
  const directory = new TopicDirectory(connect('topics'), topicNames, clock, logger);
  try {
    const { topics } = await directory.ask();
    const missing = Object.entries(topicNames).filter(
      ([topic]) => ![...topics.keys()].some((known) => known === topic),
    );
    if (missing.length > 0) {
      throw new LogUnavailableError(
        `these topics do not exist: ${missing.map(([, name]) => name).join(', ')}`,
      );
    }
    return new KafkaLog({
      ...settings,
      client: connect('ask'),
      directory,
      topicIds: new Map([...topics].map(([topic, { id }]) => [topic, id])),
      connect,
    });
  } catch (error) {
    directory.close();
    throw error;
  }
}
