import type { TopicName } from '../../contracts/topics.ts';
import type { TopicDescription } from '../../log/topic-administration.ts';
import type { ReplicatedTopicConfiguration } from '../../log/topic-configuration.ts';
import type { TopicDifference } from './diff-topics.ts';

/** What would make the broker's topics what is declared. */
export type TopicChange =
  | { readonly kind: 'create'; readonly topic: TopicName; readonly declared: ReplicatedTopicConfiguration }
  | {
      readonly kind: 'configure';
      readonly topic: TopicName;
      readonly config: Readonly<Record<string, string>>;
      readonly former: Readonly<Record<string, string>>;
      /** Records older than this many milliseconds would be lost that are kept now; null when none would. */
      readonly keepsOnlyMs: number | null;
    }
  /** A difference that nothing here can or should change. */
  | { readonly kind: 'refused'; readonly topic: TopicName; readonly reason: string };

const growing =
  'the partitions of a keyed topic are fixed when it is made: with more of them the next record of an issue may come ' +
  'into another partition than its older ones, which stay where they are; growing is a copy into a new topic';
const shrinking = 'a topic cannot lose partitions; it works with more of them than declared';
const replicas =
  "replicas are not changed here: the broker's own tool does it (kafka-reassign-partitions, or rpk cluster partitions)";

/** Turns differences into changes. Pure: what a change would cost is measured apart from it. */
export function planTopicChanges(
  differences: readonly TopicDifference[],
  described: readonly TopicDescription[],
): readonly TopicChange[] {
  const changes: TopicChange[] = [];
  for (const difference of differences) {
    const { topic } = difference;
    if (difference.kind === 'missing') changes.push({ kind: 'create', topic, declared: difference.declared });
    if (difference.kind === 'replication') changes.push({ kind: 'refused', topic, reason: replicas });
    if (difference.kind === 'partitions') {
      const reason = difference.actual < difference.declared ? growing : shrinking;
      changes.push({ kind: 'refused', topic, reason });
    }
  }
  for (const found of described) {
    const values = differences.flatMap((each) =>
      each.kind === 'config' && each.topic === found.topic ? [each] : [],
    );
    if (values.length === 0) continue;
    const config = Object.fromEntries(values.map(({ key, declared }) => [key, declared]));
    const former = Object.fromEntries(values.map(({ key, actual }) => [key, actual]));
    const before = keptMs(found.config);
    const after = keptMs({ ...found.config, ...config });
    const keepsOnlyMs = after < before ? after : null;
    changes.push({ kind: 'configure', topic: found.topic, config, former, keepsOnlyMs });
  }
  return changes;
}

/** How long a record is kept at least; for ever where the policy has no `delete`, whatever `retention.ms` says. */
function keptMs(config: Readonly<Record<string, string>>): number {
  const policy = config['cleanup.policy'] ?? 'delete';
  const retention = Number(config['retention.ms'] ?? -1);
  return policy.includes('delete') && retention >= 0 ? retention : Number.POSITIVE_INFINITY;
}
