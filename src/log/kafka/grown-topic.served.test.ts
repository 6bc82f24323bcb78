import { afterEach, expect, inject, it } from 'vitest';
import { topics } from '../../contracts/topics.ts';
import { Participant } from '../conformance/harness.ts';
import { KafkaLogFixture } from './kafka-log.fixture.ts';

let fixture: KafkaLogFixture;
afterEach(() => fixture.dispose());

it('a group divides a topic anew that was given more partitions', async () => {
  fixture = await KafkaLogFixture.open(inject('kafka'));
  const { log, names } = fixture;
  const group = `group-${names[topics.raw]}`;
  const one = await Participant.join(log, group, [topics.raw]);
  const other = await Participant.join(log, group, [topics.raw]);
  await Promise.race([
    Promise.all([one.holding(2), other.holding(1)]),
    Promise.all([other.holding(2), one.holding(1)]),
  ]);
  await fixture.administer((admin) =>
    admin.createPartitions({ topics: [{ name: names[topics.raw], count: 6, assignments: null }] }),
  );
  const [first, second] = await Promise.all([one.holding(3), other.holding(3)]);
  expect(new Set([...first.partitions, ...second.partitions].map(({ partition }) => partition)).size).toBe(6);
  await Promise.all([one.leave(), other.leave()]);
});
