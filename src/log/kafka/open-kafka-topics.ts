import type { Clock } from '../../effects/clock.ts';
import { systemClock } from '../../effects/clock.ts';
import type { Logger } from '../../effects/telemetry.ts';
import type { TopicAdministration } from '../topic-administration.ts';
import { BrokerClient } from './broker-client.ts';
import type { KafkaConnection } from './connection.ts';
import { KafkaTopics } from './kafka-topics.ts';
import { topicsTimeouts } from './open-kafka-log.ts';
import { TopicDirectory, type TopicNames } from './topic-directory.ts';

export interface KafkaTopicsSettings {
  readonly connection: KafkaConnection;
  readonly clientId: string;
  readonly topicNames: TopicNames;
  readonly logger: Logger;
  /** The system's when absent. */
  readonly clock?: Clock;
}

const timeouts = { connect: 2_000, request: 30_000 };

/** @throws LogUnavailableError when no broker answers */
export async function openKafkaTopics(settings: KafkaTopicsSettings): Promise<TopicAdministration> {
  const { connection, clientId, topicNames, logger, clock = systemClock } = settings;
  const asking = new BrokerClient(connection, clientId, topicsTimeouts);
  const directory = new TopicDirectory(asking, topicNames, clock, logger);
  try {
    await directory.ask();
    return new KafkaTopics(new BrokerClient(connection, clientId, timeouts), directory, clock);
  } catch (error) {
    directory.close();
    throw error;
  }
}
