import { type TopicName, topicNames, topics } from '../contracts/topics.ts';
import type { TopicAdministration } from '../log/topic-administration.ts';
import { type AppliedTopics, applyTopics } from '../operations/topics/apply-topics.ts';
import { type DescribedTopics, describeTopics } from '../operations/topics/describe-topics.ts';
import type { TopicNames } from '../operations/topics/say-difference.ts';
import { openLogUnder, openTopics } from './compose.ts';
import type { Config } from './config.ts';
import { ownTopics } from './declared-topics.ts';
import type { RuntimeEffects } from './effects.ts';
import { judgeOpenFailure } from './judge-open-failure.ts';
import { reach } from './reach.ts';
import type { LogConfig } from './store-configuration.ts';
import { Supervisor } from './supervisor.ts';

const stopWithinMs = 5_000;

export interface OpenedTopics {
  readonly names: TopicNames;
  describe(): Promise<DescribedTopics>;
  apply(execute: boolean): Promise<AppliedTopics>;
  close(): Promise<void>;
}

/** What `dispatchai topics` works with. @throws Refusal, also in its calls, when the broker cannot be reached or refuses */
export async function openTopicCommands(
  config: Config,
  { topicNames: names }: Extract<LogConfig, { readonly kind: 'kafka' }>,
  effects: RuntimeEffects,
): Promise<OpenedTopics> {
  const supervisor = new Supervisor(effects, []);
  const atOnce = <Result>(work: () => Promise<Result>) =>
    reach({
      store: 'event log',
      open: work,
      judge: (error) => judgeOpenFailure('event log', config, error),
      patience: { kind: 'none' },
      effects,
    });
  const administration = await atOnce(() => openTopics(config, effects, 'topics', names));
  const declared = async () => ownTopics(config, await administration.brokers());
  const open = { config, effects, supervisor, patience: { kind: 'none' }, role: 'topics' } as const;
  return {
    names,
    describe: () => atOnce(async () => describeTopics(administration, await declared())),
    // A user may look at topics, and not make them.
    apply: (execute) =>
      atOnce(async () =>
        applyTopics({
          administration,
          declared: await declared(),
          execute,
          clock: effects.clock,
          log: async () => openLogUnder(open, await existingNames(administration, names)),
        }),
      ),
    close: async () => {
      await supervisor.stop(stopWithinMs);
      await administration.close();
    },
  };
}

/**
 * Names that all exist, as a log wants them: a topic that is missing has lost nothing, so nobody asks under its name,
 * and another one's may stand there.
 */
async function existingNames(administration: TopicAdministration, names: TopicNames): Promise<TopicNames> {
  const found = await administration.describe(topicNames);
  const name = (topic: TopicName): string =>
    found.find((each) => each.topic === topic)?.name ?? found[0]?.name ?? names[topic];
  return {
    [topics.raw]: name(topics.raw),
    [topics.enriched]: name(topics.enriched),
    [topics.deadLetter]: name(topics.deadLetter),
    [topics.deletions]: name(topics.deletions),
  };
}
