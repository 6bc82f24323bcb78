import { afterEach, expect, inject, it } from 'vitest';
import { topics } from '../../contracts/topics.ts';
import { all, keysOf, record, valuesOf } from '../conformance/harness.ts';
import { KafkaLogFixture } from './kafka-log.fixture.ts';

let fixture: KafkaLogFixture | undefined;
afterEach(async () => {
  await fixture?.dispose();
  fixture = undefined;
});

it('a range with an open transaction in it is not read in part, and read whole once that has ended', async () => {
  fixture = await KafkaLogFixture.open(inject('kafka'));
  const { log } = fixture;
  const [key = ''] = keysOf(0, 1);
  const place = { topic: topics.enriched, partition: 0 };
  await log.append([record(key, 'before', place)]);
  const end = await fixture.openTransaction(place);
  await log.append([record(key, 'behind', place)]);
  const read = async () => valuesOf(await all(log.read({ ...place, from: 0 })));

  const message = expect.stringContaining('a transaction of another producer is open there');
  await expect(read()).rejects.toThrow(expect.objectContaining({ name: 'LogUnavailableError', message }));
  await end('abort');
  await expect.poll(read, { timeout: 10_000 }).toEqual(['before', 'behind']);
}, 40_000);
