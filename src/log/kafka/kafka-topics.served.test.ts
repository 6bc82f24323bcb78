import { afterEach, describe, expect, inject, it } from 'vitest';
import { topicNames, topics } from '../../contracts/topics.ts';
import { effects } from '../../effects/silent.fixture.ts';
import { declaredTopics } from '../topic-configuration.ts';
import { KafkaLogFixture } from './kafka-log.fixture.ts';
import { openKafkaTopics } from './open-kafka-topics.ts';

const declared = declaredTopics('development');

const opened: { dispose(): Promise<void> }[] = [];
afterEach(async () => {
  for (const each of opened.splice(0).reverse()) await each.dispose();
});
const open = async () => {
  const fixture = await KafkaLogFixture.open(inject('kafka'));
  const { connection, names } = fixture;
  const administration = await openKafkaTopics({
    connection,
    clientId: 'kafka-topics-test',
    topicNames: names,
    logger: effects.logger,
  });
  opened.push(fixture, { dispose: () => administration.close() });
  return { fixture, administration };
};

describe('the administration of topics', () => {
  it('describes those that exist, with all that the broker has of them', async () => {
    const { fixture, administration } = await open();
    await fixture.remove(topics.deadLetter);
    const found = await administration.describe(topicNames);
    expect(found.map(({ topic }) => topic)).toEqual(
      topicNames.filter((topic) => topic !== topics.deadLetter),
    );
    expect(found[0]).toMatchObject({
      topic: topics.raw,
      name: fixture.names[topics.raw],
      partitions: 3,
      replicationFactor: 1,
      config: declared[topics.raw].config,
    });
    expect(await administration.describe([])).toEqual([]);
    expect(await administration.brokers()).toBeGreaterThan(0);
  });

  it('makes a topic once, and it can be written at once', async () => {
    const { fixture, administration } = await open();
    await fixture.remove(topics.deadLetter);
    const create = () => administration.create(topics.deadLetter, declared[topics.deadLetter], 1);
    expect(await create()).toBe('created');
    const log = await fixture.another();
    await log.append([{ topic: topics.deadLetter, key: 'k', value: Buffer.from('v'), headers: {} }]);
    await log.close();
    expect(await create()).toBe('exists');
  });

  it('says why a topic cannot be made', async () => {
    const { fixture, administration } = await open();
    await fixture.remove(topics.deadLetter);
    const more = administration.create(topics.deadLetter, declared[topics.deadLetter], 7);
    await expect(more).rejects.toThrow(/cannot be made: INVALID_REPLICATION_FACTOR/);
  });

  it('sets what it is told and leaves the rest', async () => {
    const { fixture, administration } = await open();
    await administration.configure(topics.raw, { 'retention.ms': '7200000' });
    // A broker takes a change over after it has answered.
    await expect
      .poll(() => fixture.log.configuration(topics.raw))
      .toMatchObject({
        ...declared[topics.raw].config,
        'retention.ms': '7200000',
      });
  });
});
