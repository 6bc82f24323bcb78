import type { TopicName } from '../../contracts/topics.ts';
import type { TopicAdministration } from '../../log/topic-administration.ts';
import type { Profile } from '../../log/topic-configuration.ts';
import { type DeclaredTopics, diffTopics, type TopicDifference } from './diff-topics.ts';

export type EnsuredTopics =
  | {
      readonly kind: 'ready';
      readonly created: readonly TopicName[];
      /** Named, never changed. */
      readonly differences: readonly TopicDifference[];
    }
  /** Making topics is a decision in production: a name that is wrong would begin an empty history. */
  | { readonly kind: 'missing'; readonly topics: readonly TopicName[] };

/** What a start does about topics: development makes those that are missing, nothing changes one that differs. */
export async function ensureTopics(
  administration: TopicAdministration,
  profile: Profile,
  declared: DeclaredTopics,
): Promise<EnsuredTopics> {
  const described = await administration.describe([...declared.keys()]);
  const found = diffTopics(declared, described);
  const missing = found.flatMap((each) => (each.kind === 'missing' ? [each] : []));
  const differences = found.filter((each) => each.kind !== 'missing');
  if (missing.length > 0 && profile === 'production') {
    return { kind: 'missing', topics: missing.map(({ topic }) => topic) };
  }
  for (const { topic, declared: wanted } of missing) {
    await administration.create(topic, wanted, wanted.replicationFactor);
  }
  return { kind: 'ready', created: missing.map(({ topic }) => topic), differences };
}
