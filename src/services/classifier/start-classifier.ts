import type { Classifier } from '../../classification/classifier.ts';
import type { Database } from '../../database/database.ts';
import type { MismatchChoice } from '../../domain/pairing.ts';
import { type RetrySchedule, retrySchedule } from '../../domain/retry-schedule.ts';
import type { Effects } from '../../effects/effects.ts';
import type { EventLog } from '../../log/event-log.ts';
import type { Service } from '../service.ts';
import type { Begin } from './claim.ts';
import { Intake } from './intake.ts';
import { classifierMetrics } from './metrics.ts';
import type { AskOperator } from './pairing-gate.ts';
import { retryFailures } from './retry-failures.ts';
import { knowsOwnTopic } from './upgrade/knows-own-topic.ts';
import type { ModelOptions } from './upgrade/model-options.ts';
import { Upgrades } from './upgrade/upgrades.ts';

export interface ClassifierOptions {
  readonly database: Database;
  readonly log: EventLog;
  readonly classifier: Classifier;
  readonly effects: Effects;
  /** The consumer group, `dispatchai-classifier` unless a branch has its own. */
  readonly group: string;
  /** Where a partition begins that the group has no position of; `start` when absent. */
  readonly begin?: Begin;
  /** Runs before each claim; intake waits for it, and tries again when it fails. */
  readonly beforeClaim?: () => Promise<void>;
  /** What to do about a log that belongs to another database; `halt` when absent, and for `ask` without `ask`. */
  readonly onMismatch?: MismatchChoice | 'ask';
  /** Asks an operator; whoever starts the service has the terminal. */
  readonly ask?: AskOperator;
  /** A language model that answers after the local one; absent: the local answers are all there are. */
  readonly model?: ModelOptions;
  /** When failed events are tried again; after 2, 4 and 8 s when absent. */
  readonly retries?: RetrySchedule;
}

/**
 * Starts intake, which joins the group and takes in what its partitions hold, and beside it the retries of events that
 * failed and the upgrades to a model's answers, until it is stopped.
 */
export async function startClassifier(options: ClassifierOptions): Promise<Service> {
  const { database, log, group, classifier, model, effects, retries = retrySchedule } = options;
  const stopping = new AbortController();
  const metrics = classifierMetrics(effects.meter);
  const own = { database, log, group, effects, signal: stopping.signal };
  const upgrades = model
    ? new Upgrades(database, model, effects, stopping.signal, () => knowsOwnTopic(own))
    : null;
  const context = { consumer: group, classifier, model: upgrades?.offered, effects, retries };
  const intake = new Intake(options, context, metrics, stopping.signal);
  const running = Promise.all([
    intake.run(),
    retryFailures(database, context, metrics, stopping.signal),
    upgrades?.run(),
  ]);
  return {
    name: 'classifier',
    readiness: () => intake.readiness,
    stop: async () => {
      stopping.abort();
      await intake.leave();
      await running;
    },
  };
}
