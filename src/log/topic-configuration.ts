import { type TopicName, topics } from '../contracts/topics.ts';

export type Profile = 'development' | 'production';

/** What a topic declares, in Kafka's names. Only declared keys are compared with a broker's. */
export interface TopicConfiguration {
  readonly partitions: number;
  readonly config: Readonly<Record<string, string>>;
}

/** A broker's own default of some bytes would delete accepted webhooks before their time. */
const unboundedSize = { 'retention.bytes': '-1' };

const MB = 1024 * 1024;
const hours = (n: number) => String(n * 3_600_000);
const days = (n: number) => hours(n * 24);

/**
 * Cleanup belongs to the topic, not to the profile: the key of `issues.raw` is the issue, so compaction there
 * would eat accepted webhooks.
 *
 * On Kafka a record must also fit into a segment: in development, with its segments of 10 MB, the largest webhooks
 * are refused.
 */
export function declaredTopics(profile: Profile): Readonly<Record<TopicName, TopicConfiguration>> {
  const development = profile === 'development';
  return {
    [topics.raw]: {
      partitions: 3,
      config: {
        'cleanup.policy': 'delete',
        'retention.ms': development ? days(1) : days(30),
        ...unboundedSize,
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
        ...unboundedSize,
        'max.message.bytes': String(27 * MB),
      },
    },
    [topics.deletions]: {
      partitions: 3,
      config: { 'cleanup.policy': 'compact', 'retention.ms': '-1' },
    },
  };
}

/** What a topic declares on brokers, which replicate it. */
export interface ReplicatedTopicConfiguration extends TopicConfiguration {
  readonly replicationFactor: number;
}

const wantedReplicas = 3;

/**
 * What a relay of before sent comes late, and lies behind a newer record of its key. So long the newer one stays all the
 * same, for the relay of now to notice and to send it once more: it looks once a minute.
 * https://kafka.apache.org/documentation/#topicconfigs_min.compaction.lag.ms
 */
const beforeCompaction = { 'min.compaction.lag.ms': hours(1) };
const isOfStates = (topic: TopicName) => topic === topics.enriched || topic === topics.deletions;

/**
 * The topics as they are declared on this many brokers. In production an accepted record is on two of three brokers,
 * and a replica that lacks it never becomes the leader.
 */
export function declaredOnBrokers(
  profile: Profile,
  brokers: number,
): Readonly<Record<TopicName, ReplicatedTopicConfiguration>> {
  const replicationFactor = profile === 'production' ? Math.max(1, Math.min(wantedReplicas, brokers)) : 1;
  const safety: Readonly<Record<string, string>> =
    profile === 'production'
      ? {
          'unclean.leader.election.enable': 'false',
          ...(replicationFactor >= wantedReplicas ? { 'min.insync.replicas': '2' } : {}),
        }
      : {};
  const topicsOf = declaredTopics(profile);
  const replicated = (topic: TopicName): ReplicatedTopicConfiguration => ({
    partitions: topicsOf[topic].partitions,
    config: { ...topicsOf[topic].config, ...(isOfStates(topic) ? beforeCompaction : {}), ...safety },
    replicationFactor,
  });
  return {
    [topics.raw]: replicated(topics.raw),
    [topics.enriched]: replicated(topics.enriched),
    [topics.deadLetter]: replicated(topics.deadLetter),
    [topics.deletions]: replicated(topics.deletions),
  };
}
