import type { Logger } from '../effects/telemetry.ts';
import type { TopicAdministration } from '../log/topic-administration.ts';
import { type EnsuredTopics, ensureTopics } from '../operations/topics/ensure-topics.ts';
import { sayDifference, type TopicNames } from '../operations/topics/say-difference.ts';
import { mainGroupId, topicNamesOf } from './branch.ts';
import type { Config } from './config.ts';
import { ownTopics, sharedTopics } from './declared-topics.ts';
import { Refusal } from './refusal.ts';

export interface PrepareTopics {
  readonly config: Config;
  /** The broker's names of this installation's topics. */
  readonly names: TopicNames;
  readonly logger: Logger;
  /** A server makes what is missing, in development; a command finds that there is nothing yet. */
  readonly serves: boolean;
}

/** Sees to the topics before the log is opened. @throws Refusal when some are missing and not to be made here */
export async function prepareTopics(
  options: PrepareTopics,
  open: (names: TopicNames) => Promise<TopicAdministration>,
): Promise<void> {
  const { config, names, logger } = options;
  if (config.branch) {
    const shared = topicNamesOf(mainGroupId);
    const ensured = await ensure(options, await open(shared), 'shared');
    if (ensured.kind === 'missing') {
      const missing = ensured.topics.map((topic) => shared[topic]).join(', ');
      throw new Refusal(
        `a branch reads ${missing}, which the broker does not have: start the main installation first`,
      );
    }
  }
  const ensured = await ensure(options, await open(names), 'own');
  if (ensured.kind === 'missing') {
    const missing = ensured.topics.map((topic) => names[topic]).join(', ');
    throw new Refusal(
      config.profile === 'production'
        ? `missing on the broker: ${missing}; \`dispatchai topics apply --execute\` makes them (in production no start does)`
        : `missing on the broker: ${missing}; \`dispatchai up\` makes them, and so does \`dispatchai topics apply --execute\``,
    );
  }
  for (const topic of ensured.created) logger.info({}, `topic ${names[topic]} made`);
  if (!options.serves) return;
  for (const difference of ensured.differences) {
    logger.warn({}, `${sayDifference(difference, names)}; \`dispatchai topics apply\` shows what to do`);
  }
}

async function ensure(
  { config, serves }: PrepareTopics,
  administration: TopicAdministration,
  which: 'own' | 'shared',
): Promise<EnsuredTopics> {
  try {
    const brokers = await administration.brokers();
    const declared = which === 'own' ? ownTopics(config, brokers) : sharedTopics(config, brokers);
    return await ensureTopics(administration, serves ? config.profile : 'production', declared);
  } finally {
    await administration.close();
  }
}
