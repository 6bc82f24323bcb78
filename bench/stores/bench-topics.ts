import { topics } from '../../src/contracts/topics.ts';
import { KafkaLogFixture } from '../../src/log/kafka/kafka-log.fixture.ts';
import { declaredTopics } from '../../src/log/topic-configuration.ts';

/** The topics of one measure, under names of their own, as a development start declares them. */
export function openBenchTopics(kafka: string): Promise<KafkaLogFixture> {
  const raw = declaredTopics('development')[topics.raw];
  // Gigabytes of webhooks are not to wait a minute on the disk after their topic was deleted.
  const config = { ...raw.config, 'file.delete.delay.ms': '0' };
  return KafkaLogFixture.open(kafka, { [topics.raw]: { ...raw, config } });
}
