import { expect, it } from 'vitest';
import { topicNames } from '../contracts/topics.ts';
import type { TopicDescription } from '../log/topic-administration.ts';
import { declaredOnBrokers } from '../log/topic-configuration.ts';
import { diffTopics } from '../operations/topics/diff-topics.ts';
import { topicNamesOf } from './branch.ts';
import { readConfig } from './config.ts';
import { ownTopics } from './declared-topics.ts';
import type { Environment } from './environment.ts';
import { judgeBroker, judgeDatabase } from './judge-servers.ts';

function configOf(environment: Environment) {
  const served = { KAFKA_BOOTSTRAP_SERVERS: 'kafka:9092', DATABASE_URL: 'postgres://db/triage' };
  const outcome = readConfig({ ...served, ...environment }, '/srv');
  if (outcome.kind === 'invalid') throw new Error(outcome.problems.join('\n'));
  return outcome.config;
}

function judged(
  environment: Environment,
  brokers: number,
  replicas: number,
  inSync: string,
  made = topicNames,
  change: Partial<TopicDescription> = {},
) {
  const config = configOf(environment);
  const declared = declaredOnBrokers(config.profile, brokers);
  const found = made.map((topic) => ({
    topic,
    name: topic,
    id: 'x',
    partitions: 3,
    replicationFactor: replicas,
    config: { ...declared[topic].config, 'min.insync.replicas': inSync },
    ...change,
  }));
  const differences = diffTopics(ownTopics(config, brokers), found);
  return judgeBroker(config, { brokers, topics: found, differences }, topicNamesOf(config.groupId));
}

it('finds nothing wrong with three replicas, two of them in sync', () => {
  expect(judged({ DISPATCHAI_PROFILE: 'production' }, 3, 3, '2')).toMatchObject({
    problems: [],
    warnings: [],
  });
  expect(judged({}, 1, 1, '1')).toMatchObject({ problems: [], warnings: [] });
});

it('warns of a production that can lose what it accepted', () => {
  const [few] = judged({ DISPATCHAI_PROFILE: 'production' }, 1, 1, '1').warnings;
  expect(few).toContain('fewer than 3 replicas');
  expect(few).toContain('1 of 3 brokers');
  const unsure = judged({ DISPATCHAI_PROFILE: 'production' }, 3, 3, '1').warnings;
  expect(unsure.some((line) => line.includes('min.insync.replicas is under 2'))).toBe(true);
});

it('takes missing topics for a problem only where no start makes them', () => {
  const [first = 'issues.raw'] = topicNames;
  expect(judged({ DISPATCHAI_PROFILE: 'production' }, 3, 3, '2', [first]).problems[0]).toContain(
    'topics apply',
  );
  const development = judged({}, 1, 1, '1', [first]);
  expect([development.problems, development.warnings.length]).toEqual([[], 1]);
});

it('names topics of ours that grew, and those that the broker has no ids for', () => {
  const grown = judged({}, 1, 1, '1', topicNames, { partitions: 6 });
  expect(grown.problems).toHaveLength(3);
  expect(grown.problems[0]).toContain('issues.enriched has 6 partitions, declared are 3');
  expect(grown.warnings[0]).toContain('issues.raw has 6 partitions');
  const id = '00000000-0000-0000-0000-000000000000';
  expect(judged({}, 1, 1, '1', topicNames, { id }).warnings).toEqual([
    `${topicNames.join(', ')}: the broker gives topics no ids, so one that is made anew goes unnoticed`,
  ]);
});

it('says what a database lacks', () => {
  const facts = {
    version: '18.1',
    vectorVersion: '0.8.1',
    vectorAvailable: true,
    now: 1_000_000,
    maxConnections: 100,
    migrations: 5,
  };
  const config = configOf({});
  expect(judgeDatabase(config, facts, 1_000_900).warnings).toEqual([]);
  const { warnings } = judgeDatabase(
    config,
    { ...facts, vectorVersion: null, vectorAvailable: false, maxConnections: 10 },
    1_030_000,
  );
  expect(warnings).toEqual([
    'pgvector is not installed in the database: everything works but similar issues',
    "the database's clock is 30 s behind this machine's",
    'DATABASE_CONNECTIONS is 10 for each process, and the server takes 10 in all',
  ]);
});
