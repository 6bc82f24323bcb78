import { topics } from '../contracts/topics.ts';
import { readServerFacts } from '../database/server-facts.ts';
import { describeTopics } from '../operations/topics/describe-topics.ts';
import { openAsItIs, openTopics } from './compose.ts';
import type { Config } from './config.ts';
import { ownTopics } from './declared-topics.ts';
import type { RuntimeEffects } from './effects.ts';
import { judgeOpenFailure, targetOf } from './judge-open-failure.ts';
import {
  type Findings,
  judgeBroker,
  judgeDatabase,
  nothingFound,
  sharedRaw,
  together,
} from './judge-servers.ts';

const answerWithinMs = 10_000;

/** Looks at broker and database, within a time limit each. Nothing is changed. */
export async function examineServers(config: Config, effects: RuntimeEffects): Promise<Findings> {
  const [broker, database] = await Promise.all([
    config.log.kind === 'kafka'
      ? within(config, effects, 'event log', () => examineBroker(config, effects))
      : null,
    config.database.kind === 'postgres'
      ? within(config, effects, 'database', () => examineDatabase(config, effects))
      : null,
  ]);
  return together([broker ?? nothingFound, database ?? nothingFound]);
}

async function examineBroker(config: Config, effects: RuntimeEffects): Promise<Findings> {
  if (config.log.kind !== 'kafka') return nothingFound;
  const { topicNames } = config.log;
  const administration = await openTopics(config, effects, 'doctor', topicNames);
  try {
    const declared = ownTopics(config, await administration.brokers());
    const found = await describeTopics(administration, declared);
    const raw = await administration.describe([topics.raw]);
    return together([
      judgeBroker(config, found, topicNames),
      sharedRaw(
        config,
        raw.map(({ topic }) => topic),
      ),
    ]);
  } finally {
    await administration.close();
  }
}

async function examineDatabase(config: Config, effects: RuntimeEffects): Promise<Findings> {
  if (config.database.kind !== 'postgres') return nothingFound;
  const database = await openAsItIs(config, effects, 'doctor');
  try {
    const before = effects.clock.now();
    const facts = await readServerFacts(database.queries, config.database.schema);
    return judgeDatabase(config, facts, (before + effects.clock.now()) / 2);
  } finally {
    await database.close();
  }
}

/** What is found, or why nothing is: a problem of its own. */
async function within(
  config: Config,
  { clock }: RuntimeEffects,
  served: 'event log' | 'database',
  examine: () => Promise<Findings>,
): Promise<Findings> {
  const over = new AbortController();
  const problem = (line: string): Findings => ({ ...nothingFound, problems: [line] });
  const examined = examine().catch((error: unknown) => {
    const failure = judgeOpenFailure(served, config, error);
    if (failure.kind === 'unknown') throw error;
    return problem(failure.kind === 'away' ? failure.reason : failure.message);
  });
  const late = clock
    .sleep(answerWithinMs, over.signal)
    .then(() => problem(`${targetOf(served, config)} does not answer within ${answerWithinMs / 1000} s`));
  try {
    return await Promise.race([examined, late]);
  } finally {
    over.abort();
  }
}
