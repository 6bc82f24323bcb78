import { describe, expect, it } from 'vitest';
import { topicNames } from '../../contracts/topics.ts';
import { OffsetOutOfRangeError } from '../event-log.ts';
import { declaredTopics } from '../topic-configuration.ts';
import type { Create } from './event-log-conformance.ts';
import { all, record, valuesOf } from './harness.ts';

export function describeTopics(create: Create): void {
  describe('topics', () => {
    it('have their declared partitions and configuration', async () => {
      const { log } = await create();
      const declared = declaredTopics('development');
      for (const topic of topicNames) {
        expect(await log.partitions(topic)).toBe(declared[topic].partitions);
        expect(await log.configuration(topic)).toMatchObject(declared[topic].config);
        expect((await log.ranges(topic)).map(({ partition }) => partition)).toEqual([0, 1, 2]);
      }
    });

    it('keep their identity when the log is opened again, and share it with no other', async () => {
      const opened = await create();
      const born = await opened.log.identity();
      expect(Object.keys(born.topicIds).sort()).toEqual([...topicNames].sort());
      expect(new Set(Object.values(born.topicIds)).size).toBe(topicNames.length);
      await opened.reopen();
      expect(await opened.log.identity()).toEqual(born);
      const other = await (await create()).log.identity();
      expect(Object.values(other.topicIds)).not.toContain(born.topicIds['issues.raw']);
    });

    it('find offsets by time', async () => {
      const { log } = await create();
      const now = Date.now() - 10_000;
      const [place] = await log.append(
        [0, 1_000, 2_000].map((later) => record('k', '', { timestamp: now + later })),
      );
      const at = async (timestamp: number) => {
        const offsets = await log.offsetsAt('issues.raw', timestamp);
        expect(offsets.map(({ partition }) => partition)).toEqual([0, 1, 2]);
        return offsets[place!.partition]?.offset;
      };
      expect(await at(now - 1)).toBe(0);
      expect(await at(now)).toBe(0);
      expect(await at(now + 1)).toBe(1);
      expect(await at(now + 2_000)).toBe(2);
      expect(await at(now + 2_001)).toBe(3);
      const others = await log.offsetsAt('issues.raw', now);
      expect(others.filter(({ partition }) => partition !== place!.partition).map((o) => o.offset)).toEqual([
        0, 0,
      ]);
    });

    it('are trimmed up to an offset, and their end never goes back', async () => {
      const opened = await create();
      const [place] = await opened.log.append(['0', '1', '2', '3', '4'].map((value) => record('k', value)));
      const { topic, partition } = place!;
      const range = async () => (await opened.log.ranges(topic))[partition];
      expect(await opened.log.trim(topic, partition, 3)).toBe(3);
      expect(await range()).toMatchObject({ start: 3, end: 5 });
      expect(await opened.log.trim(topic, partition, 1)).toBe(3);
      expect(valuesOf(await all(opened.log.read({ topic, partition, from: 3 })))).toEqual(['3', '4']);
      await expect(opened.log.trim(topic, partition, 6)).rejects.toThrow(OffsetOutOfRangeError);
      await opened.reopen();
      expect(await range()).toMatchObject({ start: 3, end: 5 });
      expect(await opened.log.trim(topic, partition, 5)).toBe(5);
      await opened.reopen();
      expect(await range()).toMatchObject({ start: 5, end: 5 });
      expect(await opened.log.append([record('k', '5')])).toEqual([{ topic, partition, offset: 5 }]);
    });
  });
}
