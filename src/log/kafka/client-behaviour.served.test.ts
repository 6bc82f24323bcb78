import { Consumer, Producer, stringDeserializers } from '@platformatic/kafka';
import { afterEach, describe, expect, inject, it } from 'vitest';
import { type TopicName, topics } from '../../contracts/topics.ts';
import { all, keysOf, record, valuesOf } from '../conformance/harness.ts';
import { KafkaLogFixture } from './kafka-log.fixture.ts';

/*
 * Why the client's `Producer` and `Consumer` are not used, and what is worked round of the rest. When one of these
 * fails after an update of the client, what it is about can be reconsidered.
 */

const place = { topic: topics.enriched, partition: 0 };
const [key = ''] = keysOf(0, 1);

const opened: { dispose(): Promise<void> }[] = [];
const open = async (overrides?: Parameters<typeof KafkaLogFixture.open>[1]) => {
  const fixture = await KafkaLogFixture.open(inject('kafka'), overrides);
  opened.push(fixture);
  return fixture;
};
afterEach(async () => {
  for (const each of opened.splice(0).reverse()) await each.dispose();
});

const clientOf = (fixture: KafkaLogFixture) => ({
  clientId: 'client-behaviour-test',
  bootstrapBrokers: [...fixture.connection.bootstrapServers],
});

/** The client's consumer, reading the partition from an offset on. */
async function consume(
  fixture: KafkaLogFixture,
  { topic, partition }: { readonly topic: TopicName; readonly partition: number },
  offset: bigint,
) {
  const name = fixture.names[topic];
  const groupId = `client-behaviour-${name}`;
  const consumer = new Consumer({ ...clientOf(fixture), groupId, deserializers: stringDeserializers });
  opened.push({ dispose: () => consumer.close(true) });
  return await consumer.consume({
    topics: [name],
    mode: 'manual',
    offsets: [{ topic: name, partition, offset }],
    autocommit: false,
    isolationLevel: 1,
    fallbackMode: 'earliest',
  });
}

describe('the client', () => {
  it('lets the first of two aborted transactions of a producer through, which the log does not', async () => {
    const fixture = await open();
    await fixture.produceInTransactions(place, ['abort', 'commit', 'abort']);
    await fixture.log.append([record(key, 'after', { topic: place.topic })]);
    const values: string[] = [];
    for await (const { value } of await consume(fixture, place, 0n)) {
      values.push(value);
      if (value === 'after') break;
    }
    expect(values).toEqual(['abort', 'commit', 'after']);
    const ours = await all(fixture.log.read({ ...place, from: 0 }));
    expect(valuesOf(ours)).toEqual(['commit', 'after']);
  });

  it('jumps to the start where an offset is gone, which the log refuses', async () => {
    const fixture = await open();
    const raw = { topic: topics.raw, partition: 0 };
    await fixture.log.append(['0', '1', '2'].map((value) => record(key, value)));
    await fixture.log.trim(raw.topic, raw.partition, 2);
    for await (const { offset } of await consume(fixture, raw, 0n)) {
      expect(offset).toBe(2n);
      break;
    }
    await expect(all(fixture.log.read({ ...raw, from: 0 }))).rejects.toThrow('lies outside 2..3');
  });

  it('is content with the leader’s acknowledgement unless it is told otherwise', async () => {
    const fixture = await open();
    const producer = new Producer(clientOf(fixture));
    opened.push({ dispose: () => producer.close() });
    const message = { topic: fixture.names[topics.raw], partition: 0, value: Buffer.from('') };
    const options = { messages: [message] };
    await producer.send(options);
    expect(options).toMatchObject({ acks: 1 });
  });

  it('writes a tombstone for a value that is null, which its types do not know', async () => {
    const fixture = await open();
    await fixture.log.append([{ ...record(key, '', { topic: place.topic }), value: null }]);
    const [found] = await all(fixture.log.read({ ...place, from: 0 }));
    expect(found).toMatchObject({ key, value: null });
  });

  it('gives the time of the record where the broker stamped it, which the log does not', async () => {
    const fixture = await open({
      [topics.raw]: { partitions: 3, config: { 'message.timestamp.type': 'LogAppendTime' } },
    });
    const before = Date.now();
    await fixture.log.append([record(key, '', { timestamp: 1_000 })]);
    const [found] = await all(fixture.log.read({ topic: topics.raw, partition: 0, from: 0 }));
    expect(found?.timestamp).toBeGreaterThan(before - 60_000);
  });
});
