import type { TopicName } from '../../contracts/topics.ts';
import type { TopicDifference } from './diff-topics.ts';

/** The brokers' names of the topics. */
export type TopicNames = Readonly<Record<TopicName, string>>;

/** A difference as a sentence. */
export function sayDifference(difference: TopicDifference, names: TopicNames): string {
  const name = names[difference.topic];
  switch (difference.kind) {
    case 'missing':
      return `${name} is missing`;
    case 'config':
      return `${name}: ${difference.key} is ${difference.actual}, declared is ${difference.declared}`;
    case 'partitions':
      return `${name} has ${difference.actual} partitions, declared are ${difference.declared}`;
    case 'replication':
      return `${name} has ${difference.actual} ${difference.actual === 1 ? 'replica' : 'replicas'}, declared are ${difference.declared}`;
  }
}
