import { describe, expect, it } from 'vitest';
import { type EventLog, OffsetOutOfRangeError } from '../event-log.ts';
import type { Create } from './event-log-conformance.ts';
import { all, batchesOf, first, record, valuesOf } from './harness.ts';

const numbered = (from: number, count: number) =>
  Array.from({ length: count }, (_, index) => record('one', String(from + index)));

/** Ten records in one partition; returns where. */
async function ten(log: EventLog) {
  const [place] = await log.append(numbered(0, 10));
  return { topic: 'issues.raw' as const, partition: place!.partition };
}

export function describeReading(create: Create): void {
  describe('read', () => {
    it('gives the range in batches and ends', async () => {
      const { log } = await create();
      const place = await ten(log);
      const batches = await batchesOf(log.read({ ...place, from: 2, to: 9, batch: 3 }));
      expect(batches.every((batch) => batch.length > 0 && batch.length <= 3)).toBe(true);
      expect(valuesOf(batches.flat())).toEqual(['2', '3', '4', '5', '6', '7', '8']);
    });

    it('ends at the partition’s end at the time of the call', async () => {
      const { log } = await create();
      const place = await ten(log);
      expect(valuesOf(await all(log.read({ ...place, from: 8 })))).toEqual(['8', '9']);
      expect(await all(log.read({ ...place, from: 10 }))).toEqual([]);
      expect(await all(log.read({ ...place, from: 5, to: 5 }))).toEqual([]);
      expect(await all(log.read({ ...place, from: 9, to: 1_000 }))).toHaveLength(1);
    });

    it('ends a batch by its bytes', async () => {
      const { log } = await create();
      const value = new Uint8Array(3_000_000);
      const [place] = await log.append([record('k', '', { value })]);
      for (let more = 0; more < 3; more++) await log.append([record('k', '', { value })]);
      const batches = await batchesOf(log.read({ ...place!, from: 0 }));
      expect(batches.flat()).toHaveLength(4);
      expect(batches.length).toBeGreaterThan(1);
    });

    it('refuses a start outside the partition', async () => {
      const { log } = await create();
      const place = await ten(log);
      await log.trim(place.topic, place.partition, 4);
      await expect(all(log.read({ ...place, from: 3 }))).rejects.toThrow(OffsetOutOfRangeError);
      await expect(all(log.read({ ...place, from: 11 }))).rejects.toMatchObject({
        name: 'OffsetOutOfRangeError',
        position: { ...place, offset: 11 },
        range: { ...place, start: 4, end: 10 },
      });
    });

    it('passes over gaps in the offsets', async () => {
      const opened = await create();
      const place = await opened.leaveGaps();
      const [range] = (await opened.log.ranges(place.topic)).filter((r) => r.partition === place.partition);
      const found = await all(opened.log.read({ ...place, from: range!.start }));
      const offsets = found.map(({ offset }) => offset);
      expect(offsets.length).toBeGreaterThan(1);
      expect(offsets.length).toBeLessThan(range!.end - range!.start);
      expect(offsets).toEqual([...new Set(offsets)].sort((a, b) => a - b));
      const missing = Array.from({ length: range!.end }, (_, offset) => offset).find(
        (offset) => offset > offsets[0]! && !offsets.includes(offset),
      )!;
      const after = await all(opened.log.read({ ...place, from: missing, batch: 1 }));
      expect(after.map(({ offset }) => offset)).toEqual(offsets.filter((offset) => offset > missing));
      const followed = opened.log.follow(place.topic, [{ ...place, offset: missing }]);
      const [next] = await first(1, followed);
      await followed.close();
      expect(next?.offset).toBe(offsets.find((offset) => offset > missing));
    });
  });

  describe('follow', () => {
    it('gives what is there, then waits for more', async () => {
      const { log } = await create();
      const place = await ten(log);
      const followed = log.follow(place.topic, [{ ...place, offset: 7 }]);
      const batches = followed[Symbol.asyncIterator]();
      const found: (string | null)[] = [];
      const readUntil = async (count: number) => {
        while (found.length < count) found.push(...valuesOf((await batches.next()).value ?? []));
      };
      await readUntil(3);
      expect(found).toEqual(['7', '8', '9']);
      const more = readUntil(5);
      await log.append(numbered(10, 2));
      await more;
      expect(found).toEqual(['7', '8', '9', '10', '11']);
      await followed.close();
      expect((await batches.next()).done).toBe(true);
    });

    it('ends a wait when it is closed', async () => {
      const { log } = await create();
      const place = await ten(log);
      const followed = log.follow(place.topic, [{ ...place, offset: 10 }]);
      const ended = all(followed);
      await followed.close();
      expect(await ended).toEqual([]);
    });

    it('gives every follower everything, all partitions in order', async () => {
      const { log } = await create();
      const keys = Array.from({ length: 20 }, (_, index) => `key ${index}`);
      const from = (await log.ranges('issues.raw')).map((range) => ({ ...range, offset: range.start }));
      const followers = [log.follow('issues.raw', from), log.follow('issues.raw', from)];
      const reading = followers.map((follower) => first(40, follower));
      for (const round of ['1', '2']) await log.append(keys.map((key) => record(key, round)));
      for (const found of await Promise.all(reading)) {
        for (const key of keys) {
          expect(valuesOf(found.filter((one) => one.key === key))).toEqual(['1', '2']);
        }
      }
      for (const follower of followers) await follower.close();
    });

    it('refuses positions outside the partition', async () => {
      const { log } = await create();
      const place = await ten(log);
      await log.trim(place.topic, place.partition, 4);
      for (const offset of [3, 11]) {
        const followed = log.follow(place.topic, [{ ...place, offset }]);
        await expect(first(1, followed)).rejects.toThrow(OffsetOutOfRangeError);
        await followed.close();
      }
    });
  });
}
