import { randomUUID } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { OffsetOutOfRangeError } from '../event-log.ts';
import type { Create } from './event-log-conformance.ts';
import { all, first, fromZero, Participant, placesOf, record, valuesOf } from './harness.ts';

const groupName = () => `group-${randomUUID()}`;
const keys = Array.from({ length: 30 }, (_, index) => `key ${index}`);

export function describeGroups(create: Create): void {
  describe('a group member', () => {
    it('alone holds every partition of its topics', async () => {
      const { log } = await create();
      const member = await Participant.join(log, groupName(), ['issues.raw', 'issues.enriched']);
      const generation = await member.holding(6);
      expect(placesOf(generation.partitions)).toEqual([
        'issues.enriched/0',
        'issues.enriched/1',
        'issues.enriched/2',
        'issues.raw/0',
        'issues.raw/1',
        'issues.raw/2',
      ]);
      expect(await generation.confirm()).toBe('held');
      await member.leave();
    });

    it('reads on from its positions and waits for more', async () => {
      const { log } = await create();
      const member = await Participant.join(log, groupName(), ['issues.raw']);
      const generation = await member.holding(3);
      await log.append(keys.map((key) => record(key, '1')));
      const found = await first(30, generation.open(fromZero(generation.partitions)));
      expect(found.map(({ key }) => key).sort()).toEqual([...keys].sort());

      const ends = (await log.ranges('issues.raw')).map((range) => ({ ...range, offset: range.end }));
      const more = first(30, generation.open(ends));
      await log.append(keys.map((key) => record(key, '2')));
      expect(new Set(valuesOf(await more))).toEqual(new Set(['2']));
      await member.leave();
    });

    it('gets batches within the limits, and every record once', async () => {
      const { log } = await create();
      await log.append(keys.flatMap((key) => Array.from({ length: 5 }, (_, n) => record(key, `${n}`))));
      const member = await Participant.join(log, groupName(), ['issues.raw']);
      const generation = await member.holding(3);
      const found: string[] = [];
      for await (const batch of generation.open(fromZero(generation.partitions), { records: 7 })) {
        expect(batch.length).toBeLessThanOrEqual(7);
        found.push(...batch.map(({ partition, offset }) => `${partition}/${offset}`));
        if (found.length === 150) break;
      }
      expect(new Set(found).size).toBe(150);
      for (const partition of [0, 1, 2]) {
        const offsets = found
          .filter((place) => place.startsWith(`${partition}/`))
          .map((place) => Number(place.split('/')[1]));
        expect(offsets).toEqual(offsets.map((_, index) => index));
      }
      await member.leave();
    });

    it('can end a reading that waits, and read on in the same generation', async () => {
      const { log } = await create();
      const member = await Participant.join(log, groupName(), ['issues.raw']);
      const generation = await member.holding(3);
      const ending = new AbortController();
      const waiting = generation.open(fromZero(generation.partitions), { signal: ending.signal });
      const ended = waiting[Symbol.asyncIterator]().next();
      ending.abort();
      expect(await ended).toEqual({ done: true, value: undefined });
      await log.append([record('k', 'after')]);
      expect(valuesOf(await first(1, generation.open(fromZero(generation.partitions))))).toEqual(['after']);
      await member.leave();
    });

    it('that reads no partition waits all the same', async () => {
      const { log } = await create();
      const member = await Participant.join(log, groupName(), ['issues.raw']);
      const generation = await member.holding(3);
      const ending = new AbortController();
      const reading = generation.open([], { signal: ending.signal })[Symbol.asyncIterator]();
      const ended = reading.next().then(() => ending.signal.aborted);
      await log.append([record('k', 'not for it')]);
      await first(1, generation.open(fromZero(generation.partitions)));
      ending.abort();
      expect(await ended).toBe(true);
      await member.leave();
    });

    it('is given a record larger than a batch may be, alone', async () => {
      const { log } = await create();
      const member = await Participant.join(log, groupName(), ['issues.raw']);
      const generation = await member.holding(3);
      const values = ['small', 'large'.repeat(1_000), 'small again'];
      await log.append(values.map((value) => record('k', value)));
      const found = await first(3, generation.open(fromZero(generation.partitions), { bytes: 1_000 }));
      expect(valuesOf(found)).toEqual(values);
      await member.leave();
    });

    it('is refused positions before the start and past the end', async () => {
      const { log } = await create();
      const [place] = await log.append(['0', '1', '2'].map((value) => record('k', value)));
      const { topic, partition } = place!;
      await log.trim(topic, partition, 2);
      const member = await Participant.join(log, groupName(), ['issues.raw']);
      const generation = await member.holding(3);
      for (const offset of [1, 4]) {
        const positions = fromZero(generation.partitions).map((position) =>
          position.partition === partition ? { ...position, offset } : position,
        );
        await expect(all(generation.open(positions))).rejects.toMatchObject({
          name: 'OffsetOutOfRangeError',
          position: { topic, partition, offset },
          range: { start: 2, end: 3 },
        });
      }
      await member.leave();
    });

    it('is told when trimming overtakes it, instead of jumping', async () => {
      const { log } = await create();
      const member = await Participant.join(log, groupName(), ['issues.raw']);
      const generation = await member.holding(3);
      const [place] = await log.append(['0', '1', '2', '3'].map((value) => record('k', value)));
      const { topic, partition } = place!;
      const batches = generation
        .open([{ topic, partition, offset: 0 }], { records: 1 })
        [Symbol.asyncIterator]();
      await batches.next();
      await log.trim(topic, partition, 4);
      const rest = async () => {
        const values: (string | null)[] = [];
        for (let next = await batches.next(); !next.done; next = await batches.next()) {
          values.push(...valuesOf(next.value));
          // What a driver had fetched ahead may still come; a jump may not.
          expect(values).toEqual(['1', '2', '3'].slice(0, values.length));
          if (values.length === 3)
            throw new OffsetOutOfRangeError(place!, (await log.ranges(topic))[partition]!);
        }
      };
      await expect(rest()).rejects.toThrow(OffsetOutOfRangeError);
      await member.leave();
    });
  });

  describe('committed offsets', () => {
    it('are mirrored, shown and durable', async () => {
      const opened = await create();
      const group = groupName();
      await opened.log.append(keys.map((key) => record(key, '')));
      const member = await Participant.join(opened.log, group, ['issues.raw']);
      const generation = await member.holding(3);
      const positions = generation.partitions.map((place) => ({ ...place, offset: place.partition + 1 }));
      expect(await generation.mirror(positions)).toBe('mirrored');
      const shown = async () => (await opened.log.groups()).find((found) => found.group === group);
      const active = await shown();
      expect(active).toMatchObject({ state: 'active' });
      expect(active?.members).toHaveLength(1);
      expect(placesOf(active?.members[0]?.partitions ?? [])).toHaveLength(3);
      await member.leave();
      await opened.reopen();
      const empty = await shown();
      expect(empty).toMatchObject({ state: 'empty', members: [] });
      expect([...(empty?.committed ?? [])].sort((a, b) => a.partition - b.partition)).toEqual([
        { topic: 'issues.raw', partition: 0, offset: 1 },
        { topic: 'issues.raw', partition: 1, offset: 2 },
        { topic: 'issues.raw', partition: 2, offset: 3 },
      ]);
    });

    it('are set from outside only while the group has no members', async () => {
      const { log } = await create();
      const group = groupName();
      await log.append(keys.map((key) => record(key, '')));
      const to = (offset: number) => [{ topic: 'issues.raw' as const, partition: 1, offset }];
      const committed = async () => (await log.groups()).find((found) => found.group === group)?.committed;
      expect(await log.setGroupOffsets(group, to(3))).toBe('set');
      expect(await committed()).toEqual(to(3));
      const member = await Participant.join(log, group, ['issues.raw']);
      await member.holding(3);
      expect(await log.setGroupOffsets(group, to(1))).toBe('active');
      expect(await committed()).toEqual(to(3));
      await member.leave();
      expect(await log.setGroupOffsets(group, to(1))).toBe('set');
      expect(await committed()).toEqual(to(1));
    });
  });
}
