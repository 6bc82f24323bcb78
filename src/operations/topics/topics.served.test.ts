import { randomUUID } from 'node:crypto';
import { Admin } from '@platformatic/kafka';
import { afterEach, beforeEach, describe, expect, inject, it } from 'vitest';
import { type TopicName, topicNames, topics } from '../../contracts/topics.ts';
import { effects } from '../../effects/silent.fixture.ts';
import { openKafkaLog } from '../../log/kafka/open-kafka-log.ts';
import { openKafkaTopics } from '../../log/kafka/open-kafka-topics.ts';
import type { TopicAdministration } from '../../log/topic-administration.ts';
import { declaredOnBrokers, type Profile } from '../../log/topic-configuration.ts';
import { applyTopics } from './apply-topics.ts';
import { describeTopics } from './describe-topics.ts';
import type { DeclaredTopics } from './diff-topics.ts';
import { ensureTopics } from './ensure-topics.ts';
import type { TopicNames } from './say-difference.ts';

const clientId = 'topics-test';
const connection = () => ({ bootstrapServers: inject('kafka').split(',') });
const declaredIn = (profile: Profile): DeclaredTopics => {
  const declared = declaredOnBrokers(profile, 1);
  return new Map(topicNames.map((topic) => [topic, declared[topic]]));
};

let names: TopicNames;
let administration: TopicAdministration;
beforeEach(async () => {
  const suffix = randomUUID().slice(0, 8);
  const name = (topic: TopicName) => `${topic}.${suffix}`;
  names = {
    [topics.raw]: name(topics.raw),
    [topics.enriched]: name(topics.enriched),
    [topics.deadLetter]: name(topics.deadLetter),
    [topics.deletions]: name(topics.deletions),
  };
  administration = await openKafkaTopics({
    connection: connection(),
    clientId,
    topicNames: names,
    ...effects,
  });
});
afterEach(async () => {
  const made = (await administration.describe(topicNames)).map((each) => each.name);
  await administration.close();
  await withAdmin((admin) => admin.deleteTopics({ topics: made }));
});

async function withAdmin(work: (admin: Admin) => Promise<unknown>): Promise<void> {
  const admin = new Admin({ clientId, bootstrapBrokers: connection().bootstrapServers });
  try {
    await work(admin);
  } finally {
    await admin.close();
  }
}

const openLog = () => openKafkaLog({ connection: connection(), clientId, topicNames: names, ...effects });
const apply = (profile: Profile, execute: boolean, log = openLog) =>
  applyTopics({ administration, declared: declaredIn(profile), execute, clock: effects.clock, log });

describe('topics of a real broker', () => {
  it('are made once by many that start at once, as they are declared', async () => {
    const others = await Promise.all(
      [1, 2].map(() =>
        openKafkaTopics({ connection: connection(), clientId, topicNames: names, ...effects }),
      ),
    );
    const started = await Promise.all(
      others.map((each) => ensureTopics(each, 'development', declaredIn('development'))),
    );
    await Promise.all(others.map((each) => each.close()));
    for (const each of started) expect(each).toMatchObject({ kind: 'ready', differences: [] });
    const described = await describeTopics(administration, declaredIn('development'));
    expect(described).toMatchObject({ brokers: 1, differences: [] });
    expect(described.topics.map(({ partitions }) => partitions)).toEqual([3, 3, 3, 3]);
  });

  it('are applied once, and nothing is left to do', async () => {
    expect((await apply('production', false)).changes).toHaveLength(4);
    expect(await administration.describe(topicNames)).toEqual([]);
    expect((await apply('production', true)).changes).toHaveLength(4);
    expect(await apply('production', true)).toEqual({ executed: true, changes: [] });
    expect(await ensureTopics(administration, 'production', declaredIn('production'))).toMatchObject({
      created: [],
      differences: [],
    });
  });

  it('say what a shorter retention would lose, before it is lost', async () => {
    await apply('production', true);
    const log = await openLog();
    const day = 86_400_000;
    const now = effects.clock.now();
    const record = (age: number, key: string) => ({
      topic: topics.raw,
      key,
      value: Buffer.from('x'),
      headers: {},
      timestamp: now - age,
    });
    await log.append(['1#1', '1#2', '1#3'].flatMap((key) => [record(3 * day, key), record(0, key)]));
    const borrowed = async () => log;
    const shown = await apply('development', false, borrowed);
    const raw = shown.changes.find(({ change }) => change.topic === topics.raw);
    expect(raw).toMatchObject({ change: { kind: 'configure', keepsOnlyMs: day }, loss: { records: 3 } });
    const [before] = await administration.describe([topics.raw]);
    expect(before?.config['retention.ms']).toBe(String(30 * day));
    await apply('development', true, borrowed);
    const [after] = await administration.describe([topics.raw]);
    expect(after?.config['retention.ms']).toBe(String(day));
    await log.close();
  });

  it('that have other partitions are left alone, with the reason', async () => {
    const wanted = declaredOnBrokers('development', 1)[topics.raw];
    await administration.create(topics.raw, { ...wanted, partitions: 1 }, 1);
    const { changes } = await apply('development', true);
    expect(changes.find(({ change }) => change.topic === topics.raw)?.change).toMatchObject({
      kind: 'refused',
    });
    const [raw] = await administration.describe([topics.raw]);
    expect(raw?.partitions).toBe(1);
  });
});
