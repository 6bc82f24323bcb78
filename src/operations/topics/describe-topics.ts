import type { TopicAdministration, TopicDescription } from '../../log/topic-administration.ts';
import { type DeclaredTopics, diffTopics, type TopicDifference } from './diff-topics.ts';

export interface DescribedTopics {
  readonly brokers: number;
  readonly topics: readonly TopicDescription[];
  readonly differences: readonly TopicDifference[];
}

/** The topics as their broker has them, beside what is declared. Changes nothing. */
export async function describeTopics(
  administration: TopicAdministration,
  declared: DeclaredTopics,
): Promise<DescribedTopics> {
  const [brokers, topics] = await Promise.all([
    administration.brokers(),
    administration.describe([...declared.keys()]),
  ]);
  return { brokers, topics, differences: diffTopics(declared, topics) };
}
