import { type TopicName, topicNames, topics } from '../contracts/topics.ts';
import { declaredOnBrokers } from '../log/topic-configuration.ts';
import type { DeclaredTopics } from '../operations/topics/diff-topics.ts';
import type { Config } from './config.ts';

/** What this installation's own topics are declared to be: a branch does not own `issues.raw`. */
export function ownTopics({ profile, branch }: Config, brokers: number): DeclaredTopics {
  return declared(
    profile,
    brokers,
    topicNames.filter((topic) => !branch || topic !== topics.raw),
  );
}

/** What a branch reads of the installation beside it. */
export const sharedTopics = ({ profile }: Config, brokers: number): DeclaredTopics =>
  declared(profile, brokers, [topics.raw, topics.deletions]);

function declared(profile: Config['profile'], brokers: number, names: readonly TopicName[]): DeclaredTopics {
  const all = declaredOnBrokers(profile, brokers);
  return new Map(names.map((topic) => [topic, all[topic]]));
}
