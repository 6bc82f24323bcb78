import { type TopicName, topics } from '../contracts/topics.ts';

export type Profile = 'development' | 'production';

/** What a topic declares, in Kafka's names. Only declared keys are compared with a broker's. */
export interface TopicConfiguration {
  readonly partitions: number;
  readonly config: Readonly<Record<string, string>>;
}

const MB = 1024 * 1024;
const hours = (n: number) => String(n * 3_600_000);
const days = (n: number) => hours(n * 24);

/**
 * Cleanup belongs to the topic, not to the profile: the key of `issues.raw` is the issue, so compaction there
 * would eat accepted webhooks.
 */
export function declaredTopics(profile: Profile): Readonly<Record<TopicName, TopicConfiguration>> {
  const development = profile === 'development';
  return {
    [topics.raw]: {
      partitions: 3,
      config: {
        'cleanup.policy': 'delete',
        'retention.ms': development ? days(1) : days(30),
        'segment.bytes': development ? '10485760' : '1073741824',
        ...(development ? { 'segment.ms': hours(1) } : {}),
        'max.message.bytes': String(26 * MB),
      },
    },
    [topics.enriched]: {
      partitions: 3,
      config: { 'cleanup.policy': 'compact', 'retention.ms': days(30), 'max.message.bytes': String(26 * MB) },
    },
    [topics.deadLetter]: {
      partitions: 3,
      config: {
        'cleanup.policy': 'compact,delete',
        'retention.ms': development ? days(7) : days(90),
        'max.message.bytes': String(27 * MB),
      },
    },
    [topics.deletions]: {
      partitions: 3,
      config: { 'cleanup.policy': 'compact', 'retention.ms': '-1' },
    },
  };
}
