import type { Clock } from '../../effects/clock.ts';
import type { EventLog } from '../../log/event-log.ts';
import type { TopicAdministration } from '../../log/topic-administration.ts';
import { type DeclaredTopics, diffTopics } from './diff-topics.ts';
import { measureTopicLoss, type TopicLoss } from './measure-topic-loss.ts';
import { planTopicChanges, type TopicChange } from './plan-topic-changes.ts';

export interface ApplyTopics {
  readonly administration: TopicAdministration;
  /** Opened only where something would be lost. */
  readonly log: () => Promise<Pick<EventLog, 'ranges' | 'offsetsAt'>>;
  readonly clock: Clock;
  readonly declared: DeclaredTopics;
  /** False shows what would be done. */
  readonly execute: boolean;
}

export interface PlannedChange {
  readonly change: TopicChange;
  /** Null where nothing is lost. */
  readonly loss: TopicLoss | null;
}

export interface AppliedTopics {
  readonly executed: boolean;
  /** Empty when the topics are what is declared. */
  readonly changes: readonly PlannedChange[];
}

/**
 * Makes the broker's topics what is declared, as far as that can be done without harm, or says what it would do.
 * Doing it again does nothing.
 */
export async function applyTopics(options: ApplyTopics): Promise<AppliedTopics> {
  const { administration, declared, execute } = options;
  const described = await administration.describe([...declared.keys()]);
  const changes: PlannedChange[] = [];
  for (const change of planTopicChanges(diffTopics(declared, described), described)) {
    const loss = await lossOf(options, change);
    if (execute) await carryOut(administration, change);
    changes.push({ change, loss });
  }
  return { executed: execute, changes };
}

async function lossOf({ log, clock }: ApplyTopics, change: TopicChange): Promise<TopicLoss | null> {
  if (change.kind !== 'configure' || change.keepsOnlyMs === null) return null;
  return await measureTopicLoss(await log(), change.topic, clock.now() - change.keepsOnlyMs);
}

async function carryOut(administration: TopicAdministration, change: TopicChange): Promise<void> {
  if (change.kind === 'create') {
    await administration.create(change.topic, change.declared, change.declared.replicationFactor);
  }
  if (change.kind === 'configure') await administration.configure(change.topic, change.config);
}
