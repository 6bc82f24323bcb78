import { describe, expect, it } from 'vitest';
import { type TopicName, topicNames, topics } from '../../contracts/topics.ts';
import { systemClock } from '../../effects/clock.ts';
import type { TopicAdministration, TopicDescription } from '../../log/topic-administration.ts';
import { declaredOnBrokers, type Profile, type TopicConfiguration } from '../../log/topic-configuration.ts';
import { applyTopics } from './apply-topics.ts';
import { type DeclaredTopics, diffTopics } from './diff-topics.ts';
import { ensureTopics } from './ensure-topics.ts';
import { planTopicChanges } from './plan-topic-changes.ts';
import { sayDifference } from './say-difference.ts';

const declaredIn = (profile: Profile, brokers = 1): DeclaredTopics =>
  new Map(Object.entries(declaredOnBrokers(profile, brokers)) as [TopicName, never][]);

/** A broker in memory that counts what is asked of it. */
class Broker implements TopicAdministration {
  readonly topics = new Map<TopicName, TopicDescription>();
  changes = 0;
  async brokers() {
    return 1;
  }
  async describe(names: readonly TopicName[]) {
    return names.flatMap((name) => this.topics.get(name) ?? []);
  }
  async create(topic: TopicName, declared: TopicConfiguration, replicationFactor: number) {
    this.changes += 1;
    const { partitions, config } = declared;
    this.topics.set(topic, { topic, name: topic, id: topic, partitions, replicationFactor, config });
    return 'created' as const;
  }
  async configure(topic: TopicName, config: Readonly<Record<string, string>>) {
    this.changes += 1;
    const found = this.topics.get(topic);
    if (!found) throw new Error(`${topic} is missing`);
    this.topics.set(topic, { ...found, config: { ...found.config, ...config } });
  }
  async close() {
    this.topics.clear();
  }
}

async function brokerWith(declared: DeclaredTopics): Promise<Broker> {
  const broker = new Broker();
  for (const [topic, wanted] of declared) await broker.create(topic, wanted, wanted.replicationFactor);
  broker.changes = 0;
  return broker;
}

const noLog = () => Promise.reject(new Error('nothing is lost, so nothing has to be counted'));
const apply = (administration: TopicAdministration, declared: DeclaredTopics, execute: boolean) =>
  applyTopics({ administration, declared, execute, clock: systemClock, log: noLog });

describe('topics at a start', () => {
  it('are made in development where they are missing', async () => {
    const broker = new Broker();
    const ensured = await ensureTopics(broker, 'development', declaredIn('development'));
    expect(ensured).toEqual({ kind: 'ready', created: topicNames, differences: [] });
  });

  it('stop production where they are missing', async () => {
    const broker = await brokerWith(declaredIn('production'));
    broker.topics.delete(topics.deletions);
    const ensured = await ensureTopics(broker, 'production', declaredIn('production'));
    expect(ensured).toEqual({ kind: 'missing', topics: [topics.deletions] });
    expect(broker.changes).toBe(0);
  });

  it('are only named where they differ', async () => {
    const broker = await brokerWith(declaredIn('development'));
    const ensured = await ensureTopics(broker, 'production', declaredIn('production'));
    expect(ensured.kind === 'ready' && ensured.differences.length > 0).toBe(true);
    expect(broker.changes).toBe(0);
  });
});

describe('differences', () => {
  const described = (change: Partial<TopicDescription>): TopicDescription => {
    const wanted = declaredOnBrokers('production', 3)[topics.raw];
    return { ...wanted, topic: topics.raw, name: 'issues.raw', id: 'x', ...change };
  };
  const declared: DeclaredTopics = new Map([[topics.raw, declaredOnBrokers('production', 3)[topics.raw]]]);
  const sentences = (change: Partial<TopicDescription>) =>
    diffTopics(declared, [described(change)]).map((each) =>
      sayDifference(each, {
        [topics.raw]: 'issues.raw',
        [topics.enriched]: '',
        [topics.deadLetter]: '',
        [topics.deletions]: '',
      }),
    );

  it('are none where only undeclared values differ, or more is replicated', () => {
    expect(sentences({})).toEqual([]);
    const config = { ...described({}).config, 'compression.type': 'zstd' };
    expect(sentences({ config, replicationFactor: 4 })).toEqual([]);
  });

  it('are none where the broker does not know a value', () => {
    const { 'min.insync.replicas': _unknown, ...config } = described({}).config;
    expect(sentences({ config })).toEqual([]);
  });

  it('are said in a sentence each', () => {
    const config = { ...described({}).config, 'cleanup.policy': 'compact,delete' };
    expect(sentences({ config, partitions: 1, replicationFactor: 1 })).toEqual([
      'issues.raw has 1 partitions, declared are 3',
      'issues.raw has 1 replica, declared are 3',
      'issues.raw: cleanup.policy is compact,delete, declared is delete',
    ]);
  });

  it('name a size limit of the broker’s own, which would delete accepted webhooks before their time', () => {
    const config = { ...described({}).config, 'retention.bytes': '1073741824' };
    expect(sentences({ config })).toEqual(['issues.raw: retention.bytes is 1073741824, declared is -1']);
  });

  it('in partitions and replicas are refused with the reason', () => {
    const reasons = (change: Partial<TopicDescription>) => {
      const found = [described(change)];
      return planTopicChanges(diffTopics(declared, found), found).map((each) =>
        each.kind === 'refused' ? each.reason : each.kind,
      );
    };
    expect(reasons({ partitions: 1 })[0]).toContain('growing is a copy into a new topic');
    expect(reasons({ partitions: 12 })[0]).toContain('cannot lose partitions');
    expect(reasons({ replicationFactor: 1 })[0]).toContain('kafka-reassign-partitions');
  });
});

describe('applying', () => {
  it('shows first, does it when told, and does nothing the second time', async () => {
    const broker = await brokerWith(declaredIn('development'));
    broker.topics.delete(topics.deadLetter);
    const declared = declaredIn('production');
    const shown = await apply(broker, declared, false);
    expect(broker.changes).toBe(0);
    expect(shown.changes.map(({ change }) => change.kind)).toEqual(['create', 'configure']);
    expect((await apply(broker, declared, true)).changes).toEqual(shown.changes);
    expect(await apply(broker, declared, true)).toEqual({ executed: true, changes: [] });
    expect(broker.changes).toBe(2);
  });

  it('counts what a shorter retention would lose, by the time of the records', async () => {
    const broker = await brokerWith(declaredIn('production'));
    const day = 86_400_000;
    const log = {
      ranges: async (topic: TopicName) =>
        [0, 1].map((partition) => ({ topic, partition, start: 10, end: 30 })),
      offsetsAt: async (topic: TopicName) => [
        { topic, partition: 0, offset: 25 },
        { topic, partition: 1, offset: 10 },
      ],
    };
    const clock = { ...systemClock, now: () => 100 * day };
    const declared = declaredIn('development');
    const { changes } = await applyTopics({
      administration: broker,
      declared,
      execute: false,
      clock,
      log: async () => log,
    });
    const losses = Object.fromEntries(changes.map(({ change, loss }) => [change.topic, loss]));
    expect(losses).toEqual({
      [topics.raw]: { records: 15, before: 99 * day },
      [topics.deadLetter]: { records: 15, before: 93 * day },
    });
  });

  it('loses something too where a compacted topic begins to delete', async () => {
    const declared: DeclaredTopics = new Map([[topics.raw, declaredOnBrokers('development', 1)[topics.raw]]]);
    const broker = await brokerWith(declared);
    await broker.configure(topics.raw, { 'cleanup.policy': 'compact' });
    const described = await broker.describe([topics.raw]);
    expect(planTopicChanges(diffTopics(declared, described), described)).toMatchObject([
      { kind: 'configure', config: { 'cleanup.policy': 'delete' }, keepsOnlyMs: 86_400_000 },
    ]);
  });
});
