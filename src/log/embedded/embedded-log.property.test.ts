import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { topics } from '../../contracts/topics.ts';
import { all, record, text } from '../conformance/harness.ts';
import { partitionOf } from '../murmur2.ts';
import { declaredTopics } from '../topic-configuration.ts';
import { policyOf } from './cleanup-policy.ts';
import { EmbeddedLogFixture } from './embedded-log.fixture.ts';
import { ModelPartition } from './log-model.fixture.ts';

const day = 86_400_000;
const names = [topics.raw, topics.enriched, topics.deadLetter] as const;
const partition = fc.nat({ max: 2 });
const share = fc.double({ min: 0, max: 1, noNaN: true });

const written = fc.record({
  topic: fc.constantFrom(...names),
  key: fc.constantFrom('a', 'b', 'c', 'd', 'e'),
  value: fc.option(fc.uint8Array({ maxLength: 20 })),
  age: fc.nat({ max: 2 * day }),
});
const steps = fc.array(
  fc.oneof(
    {
      weight: 5,
      arbitrary: fc.record({ step: fc.constant('append'), records: fc.array(written, { maxLength: 12 }) }),
    },
    fc.record({ step: fc.constant('trim'), partition, share }),
    {
      weight: 2,
      arbitrary: fc.record({ step: fc.constant('commit'), share, group: fc.constantFrom('one', 'other') }),
    },
    fc.record({ step: fc.constant('wait'), time: fc.nat({ max: 4 * day }) }),
    { weight: 2, arbitrary: fc.record({ step: fc.constant('clean') }) },
    fc.record({ step: fc.constant('reopen') }),
  ),
  { minLength: 5, maxLength: 25, size: 'max' },
);
type Step = typeof steps extends fc.Arbitrary<(infer S)[]> ? S : never;

const declared = declaredTopics('development');
const newModel = () =>
  new Map(
    names.map((topic) => [
      topic,
      [0, 1, 2].map(() => new ModelPartition(topic, policyOf(declared[topic].config))),
    ]),
  );
type Model = ReturnType<typeof newModel>;

async function take(step: Step, fixture: EmbeddedLogFixture, model: Model): Promise<void> {
  const { log, clock } = fixture;
  const raw = model.get(topics.raw) ?? [];
  if ('records' in step) {
    const records = step.records.map(({ age, value, ...one }) =>
      record(one.key, '', { topic: one.topic, value, timestamp: clock.time - age }),
    );
    const places = await log.append(records);
    for (const [index, one] of records.entries()) {
      const into = partitionOf(text(one.key), 3);
      const target = model.get(one.topic as (typeof names)[number])![into]!;
      expect(places[index]).toEqual({ topic: one.topic, partition: into, offset: target.end });
      target.append(one, one.timestamp ?? clock.time);
    }
  } else if ('group' in step) {
    const offsets = raw.map(({ end }, at) => ({
      topic: topics.raw,
      partition: at,
      offset: Math.floor(end * step.share),
    }));
    await log.setGroupOffsets(step.group, offsets);
    for (const [at, { offset }] of offsets.entries()) raw[at]?.committed.set(step.group, offset);
  } else if ('partition' in step) {
    const before = Math.floor(raw[step.partition]!.end * step.share);
    raw[step.partition]!.trim(before);
    expect(await log.trim(topics.raw, step.partition, before)).toBe(raw[step.partition]!.start);
  } else if ('time' in step) {
    clock.time += step.time;
  } else if (step.step === 'clean') {
    await log.clean();
    for (const partitions of model.values()) {
      const readers = new Set(partitions.flatMap(({ committed }) => [...committed.keys()]));
      for (const one of partitions) one.clean(clock.time, [...readers]);
    }
  } else {
    await fixture.reopen();
  }
}

async function compare({ log }: EmbeddedLogFixture, model: Model): Promise<void> {
  for (const [topic, partitions] of model) {
    const ranges = await log.ranges(topic);
    expect(ranges.map(({ start, end }) => ({ start, end }))).toEqual(
      partitions.map(({ start, end }) => ({ start, end })),
    );
    for (const { partition: at, start } of ranges) {
      const found = await all(log.read({ topic, partition: at, from: start, batch: 3 }));
      const plain = found.map(({ offset, timestamp, key, value }) => ({ offset, timestamp, key, value }));
      expect(plain).toEqual(partitions[at]?.records);
    }
  }
}

describe('the embedded log', () => {
  it('is, whatever is done to it, what a plain model says', { timeout: 60_000 }, async () => {
    await fc.assert(
      fc.asyncProperty(steps, async (taken) => {
        const fixture = await EmbeddedLogFixture.open();
        const model = newModel();
        try {
          for (const step of taken) {
            await take(step, fixture, model);
            await compare(fixture, model);
          }
        } finally {
          await fixture.dispose();
        }
      }),
      { numRuns: 40 },
    );
  });
});
