import type { TopicName } from '../../contracts/topics.ts';
import type { TopicDescription } from '../../log/topic-administration.ts';
import type { ReplicatedTopicConfiguration } from '../../log/topic-configuration.ts';

/** What the topics should be, by their logical names: all of them, or those that an installation owns. */
export type DeclaredTopics = ReadonlyMap<TopicName, ReplicatedTopicConfiguration>;

/** One way in which a broker's topic is not what is declared. */
export type TopicDifference =
  | { readonly kind: 'missing'; readonly topic: TopicName; readonly declared: ReplicatedTopicConfiguration }
  | {
      readonly kind: 'config';
      readonly topic: TopicName;
      readonly key: string;
      readonly declared: string;
      readonly actual: string;
    }
  | {
      readonly kind: 'partitions' | 'replication';
      readonly topic: TopicName;
      readonly declared: number;
      readonly actual: number;
    };

/**
 * Compares what is declared with what the broker has. Only declared values count, and only those that the broker
 * reports: one that it does not know (Redpanda has no `min.insync.replicas`) could never be made equal. More
 * replicas than declared are no difference.
 */
export function diffTopics(
  declared: DeclaredTopics,
  described: readonly TopicDescription[],
): readonly TopicDifference[] {
  return [...declared].flatMap(([topic, wanted]): readonly TopicDifference[] => {
    const found = described.find((each) => each.topic === topic);
    return found ? diffTopic(wanted, found) : [{ kind: 'missing', topic, declared: wanted }];
  });
}

function diffTopic(wanted: ReplicatedTopicConfiguration, found: TopicDescription): TopicDifference[] {
  const { topic } = found;
  const differences: TopicDifference[] = [];
  if (found.partitions !== wanted.partitions) {
    differences.push({
      kind: 'partitions',
      topic,
      declared: wanted.partitions,
      actual: found.partitions,
    });
  }
  if (found.replicationFactor < wanted.replicationFactor) {
    differences.push({
      kind: 'replication',
      topic,
      declared: wanted.replicationFactor,
      actual: found.replicationFactor,
    });
  }
  for (const [key, value] of Object.entries(wanted.config)) {
    const actual = found.config[key];
    if (actual !== undefined && normal(key, actual) !== normal(key, value)) {
      differences.push({ kind: 'config', topic, key, declared: value, actual });
    }
  }
  return differences;
}

/** `compact,delete` and `delete,compact` are the same policy. */
const normal = (key: string, value: string): string =>
  key === 'cleanup.policy'
    ? value
        .split(',')
        .map((part) => part.trim())
        .sort()
        .join(',')
    : value;
